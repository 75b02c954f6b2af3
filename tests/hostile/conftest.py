"""Shared with the whole-program tests: fake providers, and a program whose chain asks them."""

from tests.system.conftest import fake, photo, program, session

__all__ = ["fake", "photo", "program", "session"]
