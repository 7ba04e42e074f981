"""Tables that can be taken along: what is exported is what is shown."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Generic, TypeVar

from nicegui import ui

from ringup.web.console.parts import nothing as show_nothing
from ringup.web.look import act, named

Row = TypeVar("Row")

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """`link` is an address, `kind` makes it a badge: good, warn, bad or plain."""

    title: str
    text: Callable[[Row], str]
    link: Callable[[Row], str] | None = None
    kind: Callable[[Row], str] | None = None
    right: bool = False
    is_code: bool = False


def sheet(
    name: str,
    columns: Sequence[Column[Row]],
    rows: Sequence[Row],
    *,
    nothing: str,
    corner: ui.element | None = None,
    icon: str = "inbox",
) -> None:
    """A table, and a button that exports it: in `corner`, or below. `name` is the file's."""
    if not rows:
        show_nothing(nothing, icon)
        return
    table = ui.html(_markup(name, columns, rows), sanitize=False).classes("sheet").props('tabindex="0" role="region"')
    named(table, f"Table {name}")
    export(name, columns, rows, corner if corner is not None else ui.element("div").classes("line-up"))


def export(name: str, columns: Sequence[Column[Row]], rows: Sequence[Row], corner: ui.element) -> None:
    """The button that hands the rows over as a file."""
    content = as_csv(columns, rows)

    def hand_over() -> None:
        ui.download.content(content, f"{name}.csv", "text/csv")

    with corner:
        act("CSV", hand_over, "small-act no-print", icon="download", label=f"Export CSV: {name}")


def _markup(name: str, columns: Sequence[Column[Row]], rows: Sequence[Row]) -> str:
    """Every word is escaped."""
    head = "".join(f'<th scope="col" class="{_side(column)}">{escape(column.title)}</th>' for column in columns)
    body = "".join(f"<tr>{''.join(_cell(column, row) for column in columns)}</tr>" for row in rows)
    caption = f'<caption class="hidden-but-read">{escape(name)}</caption>'
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _side(column: Column[Row]) -> str:
    return "right" if column.right else ""


def _cell(column: Column[Row], row: Row) -> str:
    words = escape(column.text(row))
    if column.is_code:
        words = f'<span class="mono">{words}</span>'
    if column.kind is not None:
        words = f'<span class="badge {escape(column.kind(row))}">{words}</span>'
    if column.link is not None:
        words = f'<a href="{escape(column.link(row))}">{words}</a>'
    return f'<td class="{_side(column)}">{words}</td>'


def as_csv(columns: Sequence[Column[Row]], rows: Sequence[Row]) -> str:
    """The same words as the table has, in the same order."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column.title for column in columns])
    writer.writerows([[_safe(column.text(row)) for column in columns] for row in rows])
    return file.getvalue()


def _safe(text: str) -> str:
    """Names come from customers; a spreadsheet must not run one."""
    return f"'{text}" if text.startswith(FORMULA) else text
