"""Benchmarks: what the program costs, printed as tables. Commands of their own, never timed tests."""

from app import bootstrap

bootstrap.ensure(("core", "window", "reader", "test"))  # before a bench imports what only the environment has
