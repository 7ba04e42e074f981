"""Vendors' protocols over HTTP, with a journal of what was charged and faults on demand; the demo shop."""
