"""Gift cards: their codes, which only their holders know."""
