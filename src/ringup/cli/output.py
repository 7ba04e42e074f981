"""What commands print: results on stdout, remarks on stderr, and with --json one document."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead, for programs.")]

PIPE_WIDTH = 250

COLOURS = {
    **dict.fromkeys(("ok", "green"), "green"),
    **dict.fromkeys(("warning", "amber"), "yellow"),
    **dict.fromkeys(("failed", "red"), "red"),
}


class CannotRun(Exception):
    """A command cannot do its work here. `advice` says what to do about it."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


def results() -> Console:
    """Where results go. Lines are left as long as they are, so that they can be copied."""
    return Console(soft_wrap=True, highlight=False)


def remarks() -> Console:
    """Where everything goes that is not the result."""
    return Console(stderr=True, soft_wrap=True, highlight=False)


def complain(problem: str, advice: str = "") -> None:
    console = remarks()
    console.print(f"[red]ringup:[/red] {escape(problem)}")
    if advice:
        console.print(f"        {escape(advice)}")


def print_json(document: object) -> None:
    """One line. Ids and times are written as strings."""
    typer.echo(json.dumps(document, default=str))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """A table of texts; words like green and failed get their colour. `empty` is said if there are no rows."""
    table = Table(*(Column(name, overflow="fold") for name in columns), box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*(coloured(as_text(cell)) for cell in row))
    # A program that reads the table has no width, and wants one row a line.
    console = results() if sys.stdout.isatty() else Console(width=PIPE_WIDTH, highlight=False)
    console.print(table if table.row_count else empty)


def as_text(cell: object) -> str:
    """What people read: nothing for None, instants to the second."""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return "" if cell is None else str(cell)


def coloured(text: str) -> str:
    """Rich markup for a word that has a colour, any other text as it is."""
    return f"[{COLOURS[text]}]{text}[/]" if text in COLOURS else escape(text)
