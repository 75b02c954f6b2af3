"""Who wears glasses: identities, chains, pairings."""
