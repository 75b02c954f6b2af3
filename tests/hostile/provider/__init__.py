"""A provider that answers wrongly, endlessly, twice or in somebody else's words."""
