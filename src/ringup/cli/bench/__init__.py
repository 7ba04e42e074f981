"""`ringup bench`: what was promised about speed and size, measured beside `pgbench` on the same server."""
