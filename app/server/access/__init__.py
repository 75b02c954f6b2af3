"""Who may call: pairings, limits, lock-outs, and whose address and origin a request really has."""
