"""One dataclass and one function for each view. Every read is one vendor's, and one transaction.

Lists take a `limit` and the id of the last row of the page before.
"""
