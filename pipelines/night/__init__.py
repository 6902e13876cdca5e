"""The night: a crawl that is recorded and goes on where it stopped, what the warehouse learns of it, and the report
that a person reads in the morning."""
