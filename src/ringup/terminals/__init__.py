"""Card terminals: the only package that talks to devices and vendors. It cannot touch the database."""
