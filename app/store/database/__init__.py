"""SQLite itself: one writer thread, readers, migrations, copies, backups, and what to do with a damaged file."""
