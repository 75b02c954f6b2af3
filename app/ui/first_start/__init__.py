"""The four steps from a fresh program to a connected phone, one file each; ``dialogs/first_start.py`` shows them."""
