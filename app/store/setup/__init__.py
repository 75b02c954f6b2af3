"""What the owner has set: settings, providers, prices, blocked addresses; and what is taken over from before."""
