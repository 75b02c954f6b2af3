"""What is thrown at the program by those it talks to: a folder for each of them."""
