"""What a benchmark found, as one document for programs and as tables for people."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from rich.markup import escape

from ringup.cli.bench.result import Result, figure
from ringup.cli.output import print_table, results

BROKEN_SHOWN = 20


def document(found: Sequence[Result]) -> dict[str, Any]:
    return {
        "ok": all(result.is_ok for result in found),
        "version": version("ringup"),
        "machine": {
            "processors": os.cpu_count(),
            "system": platform.system(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
        },
        "scenarios": [result.document() for result in found],
    }


def show(found: Sequence[Result]) -> None:
    """Print every promise with what was measured, then the other figures, then what the audit found."""
    print_table(
        ["scenario", "what", "promised", "measured", ""],
        [
            (
                result.scenario,
                promise.what,
                promise.bound,
                f"{figure(promise.measured)} {promise.unit}".rstrip(),
                "ok" if promise.is_met else "failed",
            )
            for result in found
            for promise in result.found.promises
        ],
        empty="nothing was promised",
    )
    print_table(
        ["scenario", "figure", "measured"],
        [
            (result.scenario, name.replace("_", " "), figure(value))
            for result in found
            for name, value in result.found.figures.items()
        ],
        empty="",
    )
    console = results()
    for result in found:
        verdict = "[red]failed[/]" if result.broken else "[green]ok[/]"
        console.print(f"{result.scenario}: audit {verdict}, {result.seconds:.0f} s in all")
        for sentence in result.broken[:BROKEN_SHOWN]:
            console.print(f"  {escape(sentence)}")
