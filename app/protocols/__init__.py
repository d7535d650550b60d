"""The wire protocols: a room each, what they share, and the registry that knows them all."""
