"""The stored history of frames: rows, pictures, what is asked of them, and when they go."""
