"""What a model or a person wrote, as plain words that a small display, a terminal and a file can hold."""
