"""The work on points that nobody waits for at a counter: retries, expiry, tiers."""
