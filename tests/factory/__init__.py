"""Writes synthetic annual reports, with the truth beside them, for tests and benchmarks.

Everything follows from the seed: the same call gives the same bytes. The factory knows the printed forms by itself and
imports nothing of `pipelines`, so that a mistake there cannot hide here.
"""
