"""Places where a test lets the process die. Inert unless armed, which only the environment can do.

One stands before and one after every durable step (an entry function of the
database that writes) and every outward step (a request to a terminal):
`before:begin_payment`, `after:charge`. `after:charge#2` dies the second time, and
`any#5` at the fifth failpoint of whatever name, which is how tests enumerate them.
docs/reference/steps.md lists the steps.
"""

import contextlib
import os
import signal
from dataclasses import dataclass

STDERR = 2


@dataclass
class _Armed:
    """The one failpoint that is armed in this process, and how often it is still passed."""

    name: str = ""
    passes_left: int = 0


_armed = _Armed()


def arm(failpoint: str) -> None:
    """Let the process die at this failpoint, as if by `kill -9`. An empty name disarms."""
    name, _, turn = failpoint.partition("#")
    _armed.name = name
    _armed.passes_left = int(turn or 1) - 1


def reached(name: str) -> None:
    """Die here if this failpoint is armed: no clean-up, no answer, and on stderr only where it was."""
    if _armed.name not in (name, "any"):
        return
    if _armed.passes_left:
        _armed.passes_left -= 1
        return
    with contextlib.suppress(OSError):
        os.write(STDERR, f"killed at {name}\n".encode())
    os.kill(os.getpid(), signal.SIGKILL)
