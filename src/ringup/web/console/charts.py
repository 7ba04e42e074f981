"""Charts, drawn in the browser by a library that comes with the pages. Each says in words what it shows."""

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from ringup.web.look import named

GREEN, RED, BLUE, AMBER, GREY = "#2e9e5b", "#cf3d3d", "#3f7fbf", "#d98b1f", "#7d8b99"
AXIS = {"axisLabel": {"color": GREY}, "axisLine": {"lineStyle": {"color": GREY}}}
GRID = {"left": 8, "right": 12, "top": 36, "bottom": 8, "containLabel": True}
LINES = {"splitLine": {"lineStyle": {"color": "rgba(125,139,153,.25)"}}}


def bars(
    words: str,
    names: Sequence[str],
    series: Sequence[tuple[str, str, Sequence[float]]],
    *,
    stacked: bool = False,
    sideways: bool = False,
    height: int = 240,
) -> None:
    """Bars by name. `series` are a label, a colour and the values; `words` is what the chart shows."""
    categories: dict[str, Any] = {"type": "category", "data": list(names), **AXIS}
    values: dict[str, Any] = {"type": "value", "minInterval": 1, **AXIS, **LINES}
    options = {
        "aria": {"enabled": True},
        "animation": False,
        "grid": GRID,
        "tooltip": {"trigger": "axis"},
        "legend": {"show": len(series) > 1, "top": 0, "textStyle": {"color": GREY}},
        "xAxis": values if sideways else categories,
        "yAxis": categories if sideways else values,
        "series": [
            {
                "name": label,
                "type": "bar",
                "data": list(numbers),
                "itemStyle": {"color": colour},
                "barMaxWidth": 28,
                **({"stack": "all"} if stacked else {}),
            }
            for label, colour, numbers in series
        ],
    }
    with named(ui.element("figure"), words).style("margin: 0").props("role=img"):
        ui.echart(options).style(f"height: {height}px; width: 100%")
