"""ringup rings up every sale exactly once."""
