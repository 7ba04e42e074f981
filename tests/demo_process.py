"""A running `ringup demo`, for tests that want the whole shop in real processes."""

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RINGUP = Path(sys.executable).with_name("ringup")
LAST_LINE = "Ctrl-C closes the shop"


@dataclass
class Demo:
    """A running `ringup demo`, with what it printed once it was open."""

    process: subprocess.Popen[str]
    printed: str
    seconds: float
    directory: Path

    @property
    def sheet(self) -> dict[str, Any]:
        return json.loads((self.directory / "demo.json").read_text())

    def sell(self) -> dict[str, Any]:
        """Paste the printed line into a shell."""
        (line,) = re.findall(r"(?ms)^curl .*?[^\\]$", self.printed)
        sold = subprocess.run(["sh", "-c", line], check=True, capture_output=True, text=True, timeout=30)
        return json.loads(sold.stdout)

    def ringup(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command in the same shop."""
        return subprocess.run(
            [RINGUP, *words], env=environment(self.directory), capture_output=True, text=True, timeout=60
        )

    def server_process(self) -> int:
        return next(pid for pid, command in children_of(self.process.pid).items() if " serve " in command)

    def everything(self) -> set[int]:
        """The processes that it started: children, and the database with its own."""
        database = int((self.directory / "postgres" / "postmaster.pid").read_text().split("\n")[0])
        return {self.process.pid, *children_of(self.process.pid), database, *children_of(database)}


@contextlib.contextmanager
def a_directory() -> Iterator[Path]:
    # Not tmp_path: see the fixture `server`.
    with tempfile.TemporaryDirectory(prefix="ringup-test-") as parent:
        yield Path(parent) / "shop"


def environment(directory: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "RINGUP_DATA_DIR": str(directory), "RINGUP_PORT": "0"}


@contextlib.contextmanager
def demo(directory: Path, *options: str) -> Iterator[Demo]:
    """Open the shop, wait until it says that it is open, and close it in any case."""
    started = time.monotonic()
    process = subprocess.Popen(
        [RINGUP, "demo", *options],
        env=environment(directory),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            printed = ""
            while LAST_LINE not in printed:
                line = process.stdout.readline()
                assert line, f"it ended: {printed}"
                printed += line
            yield Demo(process, printed, time.monotonic() - started, directory)
        finally:
            process.terminate()
            process.wait(timeout=30)


def children_of(parent: int) -> dict[int, str]:
    listed = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], check=True, capture_output=True, text=True)
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return {int(pid): args for pid, ppid, args in (row for row in rows if len(row) == 3) if int(ppid) == parent}


def running(pids: set[int]) -> set[int]:
    """Those that have not ended. What nobody has asked for its exit code has ended."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,stat="], check=True, capture_output=True, text=True)
    states = dict(line.split(None, 1) for line in listed.stdout.splitlines())
    return {pid for pid in pids if states.get(str(pid), "Z")[0] != "Z"}
