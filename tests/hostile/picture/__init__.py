"""Pictures whose turn, colours or transparency are told in ways that programs pass over."""
