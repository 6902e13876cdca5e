"""A web of government sites on loopback, with everything that goes wrong there, and the truth about what it publishes.

`world.build(Plan(...))` makes the sites, `server.serve(...)` answers for them and writes down every request.
"""
