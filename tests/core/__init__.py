"""Tests of the domain: no network, no clock of the world, no file."""
