"""The domain: what a frame, a provider and an answer are, and how one becomes the other.

Imports the standard library alone (import-linter enforces it), so every rule of the cascade can be read and tested
without a server, a database or a picture library.
"""
