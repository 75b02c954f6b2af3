"""Tests of app/providers: over real HTTP, against tests/fakes.py."""
