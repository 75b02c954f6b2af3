"""What is asked of the AI."""
