"""Finding out, finishing and cleaning up. Recovery never charges."""
