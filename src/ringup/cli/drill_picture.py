"""The picture of a drill: why sales failed, naive beside ringup. One SVG, readable on light and dark."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from ringup.cli.drill_report import OLD_FAILED, OLD_PAYMENTS, Report, percent

WIDTH, MARGIN = 860, 32
LABEL_WIDTH, COUNT_WIDTH = 190, 48
ROW, BAR = 34, 11
TOP, FIGURES = 128, 96

STYLE = """\
  text { font-family: system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; font-size: 13px; fill: #1c2430; }
  .title { font-size: 20px; font-weight: 650; }
  .number { font-size: 12px; font-variant-numeric: tabular-nums; }
  .figure { font-size: 22px; font-weight: 650; font-variant-numeric: tabular-nums; }
  .paper { fill: #ffffff; }
  .line { stroke: #dfe3e8; }
  .quiet { fill: #5d6877; }
  .naive { fill: #d9622b; }
  .ringup { fill: #12807a; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e8ecf1; }
    .paper { fill: #12171e; }
    .line { stroke: #2b343f; }
    .quiet { fill: #9aa6b5; }
    .naive { fill: #f08a55; }
    .ringup { fill: #3dbdb4; }
  }
"""
"""No variables: some viewers do not know them."""


def draw(report: Report) -> None:
    """Write the picture to where the report says."""
    report.picture.write_text("\n".join(_lines(report)) + "\n", encoding="utf-8")


def _lines(report: Report) -> Iterator[str]:
    height = TOP + FIGURES + ROW * len(report.causes) + 64
    title = f"One bad day, twice: {report.naive.checkouts} checkouts, seed {report.schedule.seed}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-labelledby="title summary">'
    )
    yield f'<title id="title">{escape(title)}</title>'
    yield f'<desc id="summary">{escape(_summary(report))}</desc>'
    yield f"<style>\n{STYLE}</style>"
    yield f'<rect width="{WIDTH}" height="{height}" class="paper"/>'
    yield _text(MARGIN, 46, title, "title")
    yield from _legend(report)
    yield from _figures(report)
    yield from _bars(report)
    old = percent(OLD_FAILED / OLD_PAYMENTS)
    note = f"The system that the naive side is modelled on failed {old} in the field ({OLD_FAILED} of {OLD_PAYMENTS})."
    yield _text(MARGIN, height - 24, note, "quiet")
    yield "</svg>"


def _summary(report: Report) -> str:
    causes = ", ".join(
        f"{cause}: naive {report.naive.causes[cause]}, ringup {report.ringup.causes[cause]}" for cause in report.causes
    )
    return (
        f"Sales that failed: naive {percent(report.naive.failure_rate)}, "
        f"ringup {percent(report.ringup.failure_rate)}. {causes}."
    )


def _legend(report: Report) -> Iterator[str]:
    x = MARGIN
    for name, rate in (("naive", report.naive.failure_rate), ("ringup", report.ringup.failure_rate)):
        failed = len(getattr(report, name).failures)
        yield f'<rect x="{x}" y="66" width="{BAR}" height="{BAR}" rx="2" class="{name}"/>'
        what = "charge, then save" if name == "naive" else "try, confirm, cancel"
        yield _text(x + 18, 76, f"{name} ({what}): {failed} failed, {percent(rate)}")
        x += 330


def _figures(report: Report) -> Iterator[str]:
    figures = (
        ("orphaned payments", "orphaned_payments"),
        ("double charges", "double_charges"),
        ("oversold units", "oversold_units"),
        ("points out of balance", "points_out_of_balance"),
        ("stuck orders", "stuck_orders"),
    )
    step = (WIDTH - 2 * MARGIN) / len(figures)
    for place, (label, name) in enumerate(figures):
        x = MARGIN + place * step
        naive, ringup = getattr(report.naive, name), getattr(report.ringup, name)
        yield (
            f'<text x="{x:g}" y="{TOP}" class="figure"><tspan class="naive">{naive}</tspan>'
            f'<tspan class="quiet" dx="8">→</tspan><tspan class="ringup" dx="8">{ringup}</tspan></text>'
        )
        yield _text(x, TOP + 22, label, "quiet")


def _bars(report: Report) -> Iterator[str]:
    top = TOP + FIGURES - 22
    left = MARGIN + LABEL_WIDTH
    counts = [*report.naive.causes.values(), *report.ringup.causes.values(), 1]
    scale = (WIDTH - MARGIN - COUNT_WIDTH - left) / max(counts)
    yield _text(MARGIN, top, "Sales that failed, by cause", "quiet")
    for row, cause in enumerate(report.causes):
        y = top + 18 + row * ROW
        yield _text(left - 12, y + BAR + 3, cause, anchor="end")
        for place, name in enumerate(("naive", "ringup")):
            count = getattr(report, name).causes[cause]
            bar_top = y + place * (BAR + 2)
            width = max(count * scale, 0 if count else 1.5)
            yield f'<rect x="{left}" y="{bar_top}" width="{width:.1f}" height="{BAR}" rx="2" class="{name}"/>'
            yield _text(left + width + 7, bar_top + BAR - 1, str(count), "number" if count else "number quiet")
    bottom = top + 18 + len(report.causes) * ROW - 8
    yield f'<line x1="{left}" y1="{top + 12}" x2="{left}" y2="{bottom}" class="line"/>'


def _text(x: float, y: float, words: str, kind: str = "", *, anchor: str = "start") -> str:
    class_ = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{class_}>{escape(words)}</text>'
