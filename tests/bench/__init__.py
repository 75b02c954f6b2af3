"""Benchmarks: what the program costs, printed as tables. Commands of their own, never timed tests."""
