"""Run one simulator as a process: `python -m ringup.simulator DIRECTORY --terminal TPN:KEY`.

Prints the port it listens on, as one line, once it answers.
"""

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path

import uvloop

from ringup.simulator.server import serve
from ringup.simulator.settings import SimulatorSettings, TerminalProfile, TerminalSettings


def _terminal(text: str) -> TerminalSettings:
    tpn, auth_key, *name = text.split(":", 2)
    return TerminalSettings(tpn=tpn, auth_key=auth_key, name="".join(name))


def _announce(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ringup.simulator", description="A terminal simulator.")
    parser.add_argument("directory", type=Path, help="where the journal is kept")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--terminal", type=_terminal, action="append", default=[], metavar="TPN:KEY[:NAME]")
    parser.add_argument("--busy-window", type=float, default=0, metavar="SECONDS", help="real devices: 40")
    parser.add_argument("--clock-rate", type=float, default=1, help="simulated seconds in a real one")
    parser.add_argument("--no-fsync", action="store_true", help="survive a kill, not a power failure")
    chosen = parser.parse_args()
    settings = SimulatorSettings(
        data_directory=chosen.directory,
        terminals=tuple(chosen.terminal),
        profile=TerminalProfile(busy_window_seconds=chosen.busy_window),
        fsync=not chosen.no_fsync,
        clock_rate=chosen.clock_rate,
    )
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(settings, chosen.host, chosen.port, _announce))


if __name__ == "__main__":
    main()
