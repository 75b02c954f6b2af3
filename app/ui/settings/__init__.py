"""Settings, the data's keeping, and About."""
