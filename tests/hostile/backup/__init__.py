"""Backups that are broken, made up or meant to harm."""
