"""What the glasses see now, and trying a picture by hand."""
