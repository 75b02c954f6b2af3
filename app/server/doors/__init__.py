"""Ways in for other clients than the glasses' app: what they ask, in their own dialects, becomes a frame."""
