"""The picture of a benchmark: every promise as a bar that ends before its mark, or beyond it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from ringup.cli.bench.result import Promise, Result, figure

WIDTH, MARGIN = 940, 32
LABEL_WIDTH, MARK, BAR_MAX = 350, 180, 330
ROW, BAR, TOP = 34, 12, 84

STYLE = """\
  text { font-family: system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; font-size: 13px; fill: #1c2430; }
  .title { font-size: 20px; font-weight: 650; }
  .number { font-size: 12px; font-variant-numeric: tabular-nums; }
  .number { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; }
  .paper { fill: #ffffff; }
  .mark { stroke: #5d6877; stroke-dasharray: 3 3; }
  .quiet { fill: #5d6877; }
  .met { fill: #12807a; }
  .missed { fill: #d9622b; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e8ecf1; }
    .number { stroke: #12171e; }
    .paper { fill: #12171e; }
    .mark { stroke: #9aa6b5; }
    .quiet { fill: #9aa6b5; }
    .met { fill: #3dbdb4; }
    .missed { fill: #f08a55; }
  }
"""


def draw(found: Sequence[Result], path: Path) -> None:
    path.write_text("\n".join(_lines(found)) + "\n", encoding="utf-8")


def _lines(found: Sequence[Result]) -> Iterator[str]:
    rows = [(result.scenario, promise) for result in found for promise in result.found.promises]
    height = TOP + ROW * len(rows) + 40
    summary = ". ".join(f"{scenario}, {_words(promise)}" for scenario, promise in rows)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-labelledby="title summary">'
    )
    yield '<title id="title">What was promised, and what was measured</title>'
    yield f'<desc id="summary">{escape(summary)}</desc>'
    yield f"<style>\n{STYLE}</style>"
    yield f'<rect width="{WIDTH}" height="{height}" class="paper"/>'
    yield f'<text x="{MARGIN}" y="46" class="title">What was promised, and what was measured</text>'
    left = MARGIN + LABEL_WIDTH
    for place, (scenario, promise) in enumerate(rows):
        yield from _row(TOP + place * ROW, left, scenario, promise)
    mark = left + MARK
    yield f'<line x1="{mark}" y1="{TOP - 14}" x2="{mark}" y2="{TOP + ROW * len(rows) - 14}" class="mark"/>'
    # After the mark, so that it does not cross them out.
    for place, (_, promise) in enumerate(rows):
        yield _number(TOP + place * ROW, left, promise)
    yield f'<text x="{mark}" y="{height - 20}" text-anchor="middle" class="quiet">the promise</text>'
    yield "</svg>"


def _row(y: int, left: int, scenario: str, promise: Promise) -> Iterator[str]:
    kind = "met" if promise.is_met else "missed"
    yield (
        f'<text x="{left - 12}" y="{y}" text-anchor="end"><tspan class="quiet">{escape(scenario)}</tspan> '
        f"{escape(promise.what)}</text>"
    )
    yield f'<rect x="{left}" y="{y - BAR + 2}" width="{_width(promise):.1f}" height="{BAR}" rx="2" class="{kind}"/>'


def _number(y: int, left: int, promise: Promise) -> str:
    return f'<text x="{left + _width(promise) + 8:.1f}" y="{y}" class="number">{escape(_measured(promise))}</text>'


def _width(promise: Promise) -> float:
    share = promise.measured / promise.promised if promise.promised else float(promise.measured > 0) * 2
    return max(1.5, min(MARK * share, BAR_MAX))


def _measured(promise: Promise) -> str:
    return f"{figure(promise.measured)} {promise.unit}".rstrip() + f" ({promise.bound})"


def _words(promise: Promise) -> str:
    return f"{promise.what}: {_measured(promise)}, {'met' if promise.is_met else 'missed'}"
