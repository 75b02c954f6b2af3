"""The four steps from a fresh program to a connected phone, one file each; ``wizard.py`` shows them."""
