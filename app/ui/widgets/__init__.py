"""Small pieces that tabs and dialogs are made of; none knows the store."""
