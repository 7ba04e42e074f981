"""The database seam: the only package with SQL in it. It cannot call a vendor."""
