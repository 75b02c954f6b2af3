"""Profiles, their pairings and tokens, and the trash a deleted one waits in."""
