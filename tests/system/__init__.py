"""The whole program as its user has it: real processes, real HTTP, a real data folder; only the providers are fakes."""
