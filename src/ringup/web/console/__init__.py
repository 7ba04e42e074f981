"""Where managers and auditors see what happened, and settle what no rule could."""
