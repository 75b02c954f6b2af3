"""API keys: in the system's keyring, which may be locked, slow or absent."""
