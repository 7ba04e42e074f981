"""An X or Z report as a page of HTML: whole in itself, nothing fetched, fit to be printed."""

from markupsafe import escape

from ringup.shifts.text import Report, report_as_text

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
  body {{ margin: 0; background: #fff; color: #111; }}
  main {{ width: max-content; max-width: 100%; margin: 1.5rem auto; }}
  pre {{ font: 13px/1.35 ui-monospace, Menlo, Consolas, monospace; margin: 0; overflow-x: auto; }}
  @media print {{ main {{ margin: 0; }} }}
</style>
</head>
<body><main><h1 style="position:absolute;clip-path:inset(50%)">{title}</h1><pre>{report}</pre></main></body>
</html>
"""


def report_as_html(report: Report) -> str:
    """The words of `report_as_text`, each of them escaped."""
    return PAGE.format(title=escape(title_of(report)), report=escape(report_as_text(report)))


def title_of(report: Report) -> str:
    """X report, or Z report with its number."""
    number = report["closure_number"]
    return f"{report['type']} report" if number is None else f"{report['type']} report {number}"
