"""Ids and references that we make: time-ordered, and made before they are needed."""

import uuid

import uuid_utils.compat


def new_id() -> uuid.UUID:
    """A fresh UUID version 7 (RFC 9562): sorts by the time it was made."""
    return uuid_utils.compat.uuid7()
