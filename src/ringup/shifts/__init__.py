"""What people at a counter read of a shift."""
