"""The command line: its words, and its verbs over the store. It knows neither window nor server."""
