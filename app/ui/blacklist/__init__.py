"""Addresses that are not answered."""
