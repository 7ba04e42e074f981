"""`ringup audit`: do the books balance?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from uuid import UUID

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, print_json, print_table, remarks
from ringup.db.calls.recovery import list_vendors
from ringup.db.reads.audit import INVARIANTS, Violation, list_violations
from ringup.settings import load_settings
from ringup.wiring import Shop


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that breaks one invariant, seen as one vendor."""

    invariant: str
    seen_as: UUID
    violation: Violation

    def document(self) -> dict[str, object]:
        return {"invariant": self.invariant, **asdict(self.violation)}


@dataclass(frozen=True, slots=True)
class Report:
    vendors: list[UUID]
    findings: list[Finding]

    def of(self, invariant: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.invariant == invariant]

    def document(self) -> dict[str, object]:
        return {
            "ok": not self.findings,
            "vendors": self.vendors,
            "invariants": {
                invariant: {"name": name, "ok": not self.of(invariant), "violations": len(self.of(invariant))}
                for invariant, (_, name) in INVARIANTS.items()
            },
            "violations": [finding.document() for finding in self.findings],
        }


def audit(as_json: AsJson = False) -> None:
    """Check every invariant on the live database, for every vendor. Exit 1, with the rows, if one is broken.

    Changes nothing, and is safe while the shop is open.

    Example: ringup audit --json
    """
    report = with_shop(load_settings(), _check_everything)
    if as_json:
        print_json(report.document())
    else:
        _show(report)
    raise typer.Exit(1 if report.findings else 0)


async def _check_everything(shop: Shop) -> Report:
    vendors = await list_vendors(shop.db)
    findings: list[Finding] = []
    with _progress(len(vendors) * len(INVARIANTS)) as (progress, task):
        for vendor_id in vendors:
            for invariant, (_, name) in INVARIANTS.items():
                progress.update(task, description=name)
                violations = await list_violations(shop.db, vendor_id, invariant)
                findings += (Finding(invariant, vendor_id, violation) for violation in violations)
                progress.advance(task)
    return Report(vendors, _once(findings))


def _once(findings: list[Finding]) -> list[Finding]:
    """What is wrong with the schema itself is seen as every vendor; say it once."""
    return list({(found.invariant, found.violation): found for found in findings}.values())


@contextmanager
def _progress(total: int) -> Iterator[tuple[Progress, TaskID]]:
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=remarks(), transient=True) as progress:
        yield progress, progress.add_task("", total=total)


def _show(report: Report) -> None:
    print_table(
        ["", "always", "", "violations"],
        [
            (invariant, name, "failed" if report.of(invariant) else "ok", len(report.of(invariant)) or "")
            for invariant, (_, name) in INVARIANTS.items()
        ],
        empty="",
    )
    if report.findings:
        print_table(
            ["", "vendor", "what", "which", "is wrong"],
            [
                (
                    found.invariant,
                    found.violation.vendor_id,
                    found.violation.subject,
                    found.violation.subject_id,
                    found.violation.problem,
                )
                for found in report.findings
            ],
            empty="",
        )
