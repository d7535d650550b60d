"""Item models over what the core holds."""
