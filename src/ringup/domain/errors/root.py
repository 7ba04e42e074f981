"""What every error has. The tree is in `ringup.domain.errors`."""

from collections.abc import Mapping
from typing import Any, ClassVar


class RingupError(Exception):
    """Base class. Catch it at an entry point, nowhere else."""

    code: ClassVar[str]
    http_status: ClassVar[int]
    retryable: ClassVar[bool] = False
    sqlstate: ClassVar[str | None] = None

    def __init__(self, message: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.facts: Mapping[str, Any] = facts or {}


def leaves(cls: type[RingupError] = RingupError) -> list[type[RingupError]]:
    """Every concrete error, depth first."""
    below = [leaf for sub in cls.__subclasses__() for leaf in leaves(sub)]
    return below or [cls]
