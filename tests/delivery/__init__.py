"""Tests of what is delivered: locks, licences, the man page, the Windows installer, the workflows."""
