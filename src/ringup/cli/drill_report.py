"""What a drill found, as one document for programs and as tables for people."""

from collections import Counter
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.markup import escape

from ringup.cli.drill_score import Score
from ringup.cli.drill_verdict import GENUINE, RED, REFUSED, Verdict
from ringup.cli.output import print_table, results
from ringup.simulator.drill_schedule import PER_THOUSAND, Schedule

OLD_FAILED, OLD_PAYMENTS = 37, 209
"""What the system lost in the field that ringup replaces: 17.7 %."""
BROKEN_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Report:
    """Both sides of one drill. Seconds are real ones."""

    schedule: Schedule
    naive: Score
    ringup: Score
    verdict: Verdict
    seconds: float
    settle_seconds: float
    picture: Path

    @property
    def causes(self) -> list[str]:
        """Every cause that made a sale fail on either side, those of the schedule first."""
        found = self.naive.causes + self.ringup.causes
        scheduled = [trouble.value for trouble in PER_THOUSAND if trouble.value in found]
        return [*scheduled, *sorted(set(found) - set(scheduled))]

    def document(self) -> dict[str, Any]:
        return {
            "ok": self.verdict.is_kept,
            "version": version("ringup"),
            "seed": self.schedule.seed,
            "checkouts": len(self.schedule.sales),
            "schedule_digest": self.schedule.digest,
            "seconds": round(self.seconds, 1),
            "troubles": Counter(sale.trouble.value for sale in self.schedule.sales),
            "outages": Counter(outage.blow.value for outage in self.schedule.outages),
            "old_system": {
                "payments": OLD_PAYMENTS,
                "failed": OLD_FAILED,
                "failure_rate": round(OLD_FAILED / OLD_PAYMENTS, 4),
            },
            "naive": _side(self.naive),
            "ringup": {
                **_side(self.ringup),
                "failures_by_kind": {kind: self.verdict.kinds[kind] for kind in (GENUINE, REFUSED, RED)},
                "broken": list(self.verdict.broken),
                "failed_sales": [asdict(failure) for failure in self.ringup.failures],
                "settle_seconds": round(self.settle_seconds, 1),
            },
            "picture": str(self.picture),
        }


def _side(score: Score) -> dict[str, Any]:
    return {
        "completed": score.completed,
        "cancelled": score.cancelled,
        "failed": len(score.failures),
        "failure_rate": round(score.failure_rate, 4),
        "orphaned_payments": score.orphaned_payments,
        "double_charges": score.double_charges,
        "oversold_units": score.oversold_units,
        "points_out_of_balance": score.points_out_of_balance,
        "stuck_orders": score.stuck_orders,
        "wrongly_taken_minor": score.wrongly_taken_minor,
        "seconds_to_answer": {
            name: round(score.waited(share), 2) for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
        },
        "failures_by_cause": dict(score.causes.most_common()),
    }


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def show(report: Report) -> None:
    """Print both sides beside each other, then why sales failed, then the verdict."""
    naive, ringup, kinds = report.naive, report.ringup, report.verdict.kinds
    print_table(
        [f"{naive.checkouts} checkouts, seed {report.schedule.seed}", "naive", "ringup"],
        [
            ("completed", naive.completed, ringup.completed),
            ("cancelled as wished", naive.cancelled, ringup.cancelled),
            ("failed", len(naive.failures), len(ringup.failures)),
            ("failure rate", percent(naive.failure_rate), percent(ringup.failure_rate)),
            ("orphaned payments", naive.orphaned_payments, ringup.orphaned_payments),
            ("double charges", naive.double_charges, ringup.double_charges),
            ("oversold units", naive.oversold_units, ringup.oversold_units),
            ("points out of balance", naive.points_out_of_balance, ringup.points_out_of_balance),
            ("stuck orders", naive.stuck_orders, ringup.stuck_orders),
            ("taken wrongly", f"{naive.wrongly_taken_minor / 100:.2f}", f"{ringup.wrongly_taken_minor / 100:.2f}"),
            ("longest wait for an answer", f"{naive.waited(1):.1f} s", f"{ringup.waited(1):.1f} s"),
        ],
        empty="",
    )
    print_table(
        ["sales that failed, by cause", "naive", "ringup"],
        [(cause, naive.causes[cause] or "", ringup.causes[cause] or "") for cause in report.causes],
        empty="",
    )
    console = results()
    console.print(
        f"naive fails {percent(naive.failure_rate)}; the system it is modelled on failed "
        f"{percent(OLD_FAILED / OLD_PAYMENTS)} in the field ({OLD_FAILED} of {OLD_PAYMENTS})."
    )
    console.print(f"ringup's failures: {', '.join(f'{kinds[kind]} {kind}' for kind in (GENUINE, REFUSED, RED))}.")
    console.print(f"Picture: {escape(str(report.picture))}   schedule {report.schedule.digest[:16]}")
    if report.verdict.is_kept:
        console.print(f"[green]ok[/]: every invariant holds, {report.settle_seconds:.1f} s after the last sale.")
        return
    console.print(f"[red]failed[/]: {len(report.verdict.broken)} broken")
    for sentence in report.verdict.broken[:BROKEN_SHOWN]:
        console.print(f"  {escape(sentence)}")
