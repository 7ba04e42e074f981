"""Says at the end of a run how often processes were killed, and what became of the sales they were at."""

import pytest

COUNTED = ("kills", "checkouts", "recovered")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Add up what the tests recorded, on whichever worker they ran."""
    totals = dict.fromkeys(COUNTED, 0)
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, value in report.user_properties:
            if name in totals:
                totals[name] += int(str(value))
    if totals["kills"]:
        terminalreporter.write_line(
            f"kill -9: {totals['kills']} crashes injected at every step, {totals['recovered']} of"
            f" {totals['checkouts']} checkouts recovered"
        )
