"""Where staff sell."""
