"""The tests mirror `app/`; `python3 -m tests` sets up what they need and runs every check."""
