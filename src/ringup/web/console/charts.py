"""Charts, drawn here as SVG: they print, follow light and dark, and need nothing from anywhere.

Each says in words what it shows. Sizes in the drawing are shares of it, so it is stretched to whatever room there is;
words stand beside it as text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from nicegui import ui

from ringup.web.look import named

STEPS = (1, 2, 2.5, 5, 10)
NAMES_MAX = 14
TICKS = 4
COLUMNS_MIN = 7
"""Fewer are not spread over the whole width."""
BAR_WIDTH = 0.62


@dataclass(frozen=True, slots=True)
class Series:
    """`colour` is a class: good, bad, warn, blue or accent."""

    label: str
    colour: str
    values: Sequence[float]


def columns(
    words: str, names: Sequence[str], series: Sequence[Series], *, stacked: bool = False, rate: Series | None = None
) -> None:
    """Upright bars by name, beside each other or stacked. `rate` is a line of shares from 0 to 1 above them.

    A rate of None at a name, as a negative number, is a gap in the line.
    """
    top = nice_top(_highest(series, stacked=stacked))
    bars = _stacked(names, series, top) if stacked else _grouped(names, series, top)
    line = _line(rate) if rate else ""
    count = max(COLUMNS_MIN, len(names))
    drawing = (
        f'<svg viewBox="0 0 {count} 100" preserveAspectRatio="none" aria-hidden="true">{_grid(count)}{bars}{line}</svg>'
    )
    ticks = "".join(f"<span>{_number(top * step / TICKS)}</span>" for step in range(TICKS, -1, -1))
    shares = "".join(f"<span>{100 * step // TICKS} %</span>" for step in range(TICKS, -1, -1)) if rate else ""
    every = -(-count // NAMES_MAX)
    below = "".join(f"<span>{escape(name) if place % every == 0 else ''}</span>" for place, name in enumerate(names))
    below += "<span></span>" * (count - len(names))
    _figure(
        words,
        f'{_legend([*series, *([rate] if rate else [])])}<div class="plot"><div class="ticks">{ticks}</div>{drawing}'
        f'<div class="ticks shares">{shares}</div></div><div class="names">{below}</div>',
    )


def rows(words: str, parts: Sequence[tuple[str, Sequence[tuple[str, float]], str]], *, legend: str = "") -> None:
    """Lying bars: a name, its pieces as colours with amounts, and what is said at the end of it."""
    top = max((sum(amount for _, amount in pieces) for _, pieces, _ in parts), default=0) or 1
    lines = []
    for name, pieces, said in parts:
        done, drawn = 0.0, []
        for colour, amount in pieces:
            drawn.append(f'<rect class="{colour}" x="{100 * done / top:.2f}" y="0" width="{100 * amount / top:.2f}" />')
            done += amount
        drawing = f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{"".join(drawn)}</svg>'
        lines.append(f"<span>{escape(name)}</span>{drawing}<b>{escape(said)}</b>")
    _figure(words, f'{legend}<div class="lying">{"".join(lines)}</div>')


def strip(words: str, cells: Sequence[tuple[str, str]], *, ends: tuple[str, str]) -> None:
    """Stretches of time side by side: a colour and what it says for each. `ends` stand below."""
    marks = "".join(
        f'<rect class="{colour}" x="{place + 0.08:.2f}" y="0" width="0.84" height="10">'
        f"<title>{escape(said)}</title></rect>"
        for place, (colour, said) in enumerate(cells)
    )
    drawing = f'<svg viewBox="0 0 {max(1, len(cells))} 10" preserveAspectRatio="none" aria-hidden="true">{marks}</svg>'
    first, last = map(escape, ends)
    _figure(words, f'{drawing}<div class="ends"><span>{first}</span><span>{last}</span></div>', "uptime")


def curve(words: str, values: Sequence[float], *, said: str) -> None:
    """A small line without axes; `said` is what the numbers come to."""
    top = max(values, default=0) or 1
    width = max(1, len(values) - 1)
    points = " ".join(f"{place},{96 - 88 * value / top:.2f}" for place, value in enumerate(values))
    drawing = (
        f'<svg viewBox="0 0 {width} 100" preserveAspectRatio="none" aria-hidden="true">'
        f'<polyline class="accent" points="{points}" vector-effect="non-scaling-stroke" /></svg>'
    )
    _figure(words, f'{drawing}<span class="quiet small">{escape(said)}</span>', "curve")


def legend(labels: Sequence[tuple[str, str]]) -> str:
    """The markup that says what the colours mean."""
    return '<div class="legend">{}</div>'.format(
        "".join(f'<span><i class="{colour}"></i>{escape(label)}</span>' for label, colour in labels)
    )


def _legend(series: Sequence[Series]) -> str:
    return legend([(one.label, one.colour) for one in series])


def _figure(words: str, markup: str, kind: str = "") -> None:
    named(ui.html(markup, sanitize=False), words).classes(f"chart {kind}").props("role=img")


def _highest(series: Sequence[Series], *, stacked: bool) -> float:
    if stacked:
        return max((sum(values) for values in zip(*(one.values for one in series), strict=True)), default=0)
    return max((value for one in series for value in one.values), default=0)


def nice_top(highest: float) -> float:
    """The next round number above, that divides into whole ticks."""
    size = 1.0
    while True:
        for step in STEPS:
            top = step * size * TICKS
            if top >= highest and top == int(top) and (top / TICKS == int(top / TICKS)):
                return top
        size *= 10


def _number(value: float) -> str:
    return f"{value:,.0f}"


def _grid(count: int) -> str:
    return "".join(
        f'<path class="grid" d="M0 {100 * step / TICKS} H{count}" vector-effect="non-scaling-stroke" />'
        for step in range(TICKS + 1)
    )


def _bar(colour: str, said: str, *, place: float, width: float, foot: float, height: float) -> str:
    return (
        f'<rect class="{colour}" x="{place:.3f}" y="{100 - foot - height:.2f}" width="{width:.3f}"'
        f' height="{height:.2f}"><title>{escape(said)}</title></rect>'
    )


def _stacked(names: Sequence[str], series: Sequence[Series], top: float) -> str:
    drawn = []
    for place, name in enumerate(names):
        foot = 0.0
        for one in series:
            height = 100 * one.values[place] / top
            said = f"{name}: {_number(one.values[place])} {one.label}"
            left = place + (1 - BAR_WIDTH) / 2
            drawn.append(_bar(one.colour, said, place=left, width=BAR_WIDTH, foot=foot, height=height))
            foot += height
    return "".join(drawn)


def _grouped(names: Sequence[str], series: Sequence[Series], top: float) -> str:
    width = BAR_WIDTH / len(series)
    return "".join(
        _bar(
            one.colour,
            f"{name}: {_number(one.values[place])} {one.label}",
            place=place + (1 - BAR_WIDTH) / 2 + width * number,
            width=width * 0.92,
            foot=0,
            height=100 * one.values[place] / top,
        )
        for number, one in enumerate(series)
        for place, name in enumerate(names)
    )


def _line(rate: Series) -> str:
    known = [(place + 0.5, 100 - 100 * share) for place, share in enumerate(rate.values) if share >= 0]
    way = " ".join(f"{x:.2f},{y:.2f}" for x, y in known)
    dots = "".join(
        f'<path class="dot {rate.colour}" d="M{x:.2f} {y:.2f} h0" vector-effect="non-scaling-stroke" />'
        for x, y in known
    )
    return f'<polyline class="{rate.colour}" points="{way}" vector-effect="non-scaling-stroke" />{dots}'
