"""What calls cost: prices of models, and what may be spent in a day."""
