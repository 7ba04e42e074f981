"""One file for each scenario: what it promises, and how it is played."""
