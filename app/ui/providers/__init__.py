"""Which AI is asked: keys, addresses, models, prices, and how each stands."""
