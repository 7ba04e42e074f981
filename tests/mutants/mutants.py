"""Guards, taken out one at a time: the hazards, known failures and the bad day must notice each (`make mutants`).

A checker that finds nothing is only worth something if it finds what is there.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
RESULT = ROOT / "docs" / "reference" / "mutants.md"
FUNCTIONS = "src/ringup/db/functions/"
CHECKERS = (
    "tests/simulation/test_hazards.py",
    "tests/known_failures/test_known_failures_moments.py",
    "tests/simulation/test_bad_day.py",
)
SALES, SEEDS = "60", "8"


@dataclass(frozen=True)
class Mutant:
    """One guard taken out: what it is, where it stands, and what stands there instead."""

    name: str
    path: str
    guard: str
    instead: str


MUTANTS = [
    Mutant("drop the order's lock", FUNCTIONS + "lock_order.sql", "       for no key update;", "       ;"),
    Mutant(
        "charge, whoever began the attempt",
        "src/ringup/checkout/take_payment.py",
        "        if not begun.yours:\n            return begun\n",
        "",
    ),
    Mutant(
        "retry with a new reference",
        "src/ringup/checkout/take_payment.py",
        "outcome = await terminal.charge(begun.attempt)",
        "outcome = await terminal.charge(begun.attempt)\n"
        "        if type(outcome).__name__ == 'InDoubt':\n"
        "            again = type(begun.attempt)(f'{id(outcome):032x}', begun.attempt.amount)\n"
        "            outcome = await terminal.charge(again)",
    ),
    Mutant(
        "treat a timeout as a decline",
        "src/ringup/db/calls/checkout.py",
        'return "in_doubt"',
        'return "declined"',
    ),
    Mutant(
        "forget to give back what was held",
        FUNCTIONS + "release_holds.sql",
        "    perform ringup.settle_stock(p_order.vendor_id, p_order.id, 'released');\n",
        "",
    ),
    Mutant(
        "forget to give back held points",
        FUNCTIONS + "release_holds.sql",
        "            perform ringup.drop_hold(p_order.vendor_id, p_order.customer_id, p_order.points_redeemed);\n",
        "            null;\n",
    ),
    Mutant(
        "ask for a void once and never again",
        FUNCTIONS + "record_void.sql",
        "next_check_at = case when v_event is null then ringup.now()",
        "next_check_at = case when false then ringup.now()",
    ),
    Mutant(
        "ask for a capture once and never again",
        FUNCTIONS + "record_capture.sql",
        "next_check_at = case when v_event is null then ringup.now()",
        "next_check_at = case when false then ringup.now()",
    ),
    Mutant(
        "keep the money of a sale that has ended",
        FUNCTIONS + "record_approval.sql",
        "        perform ringup.undo_charges(p_payment.vendor_id, p_payment.order_id);\n",
        "",
    ),
    Mutant(
        "ignore an approval that comes late",
        FUNCTIONS + "record_outcome.sql",
        "if v_payment.status in ('created', 'processing', 'unknown', 'declined', 'error') then",
        "if v_payment.status = 'processing' then",
    ),
    Mutant(
        "forget the sales of a process that died",
        FUNCTIONS + "claim_stale_orders.sql",
        "o.lease_until <= v_now",
        "o.lease_until <= v_now - interval '1 day'",
    ),
    Mutant(
        "take a part for the whole",
        FUNCTIONS + "record_approval.sql",
        "(p_outcome = 'partially_approved' and not v_kept) or p_voided",
        "p_voided",
    ),
    Mutant(
        "give back one card of two and keep the other",
        FUNCTIONS + "undo_charges.sql",
        "p.kind = 'charge' and p.status = 'approved';",
        "p.kind = 'charge' and p.status = 'approved' and p.tender_number > 1;",
    ),
    Mutant(
        "complete a sale twice",
        FUNCTIONS + "complete_checkout.sql",
        "if v_order.status not in ('completed', 'partially_refunded', 'refunded') then",
        "if v_order.status <> 'refunded' then\n        update ringup.orders set status = 'payment_authorized'"
        " where id = p_order_id and status = 'completed';",
    ),
    Mutant(
        "sell without moving the stock",
        FUNCTIONS + "complete_checkout.sql",
        "        perform ringup.settle_stock(p_vendor_id, p_order_id, 'sold');\n",
        "",
    ),
    Mutant(
        "let the same key sell again",
        FUNCTIONS + "claim_key.sql",
        "    on conflict (vendor_id, key) do nothing;\n    if found then\n        return true;",
        "    on conflict (vendor_id, key) do update set order_id = excluded.order_id;\n"
        "    if found then\n        return true;",
    ),
    Mutant(
        "give up looking after the first doubt",
        FUNCTIONS + "record_doubt.sql",
        "check_count = p.check_count + 1, next_check_at = v_due,",
        "check_count = p.check_count + 1, next_check_at = null,",
    ),
    Mutant(
        "forget who is due for capture",
        FUNCTIONS + "accept_tenders.sql",
        "       set next_check_at = ringup.capture_due_at(p), check_count = 0",
        "       set check_count = 0",
    ),
]


def apply(mutant: Mutant, tree: Path) -> None:
    """Take the guard out. Fails if it does not stand there exactly once any more."""
    file = tree / mutant.path
    text = file.read_text()
    assert text.count(mutant.guard) == 1, f"{mutant.name}: the guard stands {text.count(mutant.guard)} times"
    file.write_text(text.replace(mutant.guard, mutant.instead))


def is_caught(mutant: Mutant) -> str | None:
    """Run the checker on a copy without the guard; what it found, or None if it found nothing."""
    with tempfile.TemporaryDirectory(prefix="ringup-mutant-") as directory:
        tree = Path(directory)
        for folder in ("src", "tests"):
            shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", tree)
        apply(mutant, tree)
        checked = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "--tb=line", "-p", "no:cacheprovider", *CHECKERS],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree / "src"), "RINGUP_TEST_SALES": SALES, "RINGUP_TEST_SEEDS": SEEDS},
            capture_output=True,
            text=True,
            check=False,
        )
    if checked.returncode == 0:
        return None
    lines = [line for line in checked.stdout.splitlines() if "Error" in line or line.startswith("E ")]
    return lines[0].rpartition(":: ")[2].removeprefix("E").strip()[:120] if lines else "the day did not end"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="Run the mutants whose name contains this.")
    wanted = [mutant for mutant in MUTANTS if parser.parse_args().only in mutant.name]
    survivors = 0
    rows = []
    for number, mutant in enumerate(wanted, 1):
        found = is_caught(mutant)
        survivors += found is None
        print(f"{number:2}/{len(wanted)}  {'SURVIVED' if found is None else 'caught  '}  {mutant.name}", flush=True)  # noqa: T201
        rows.append(f"| {mutant.name} | `{Path(mutant.path).name}` | {'**survived**' if found is None else 'caught'} |")
    if wanted == MUTANTS:
        RESULT.write_text(PAGE.format(count=len(MUTANTS), survivors=survivors, rows="\n".join(rows)))
    return 1 if survivors else 0


PAGE = """\
# Mutants: the checker is checked

`make mutants` takes {count} guards out, one at a time, and plays without each the hazards and the bad day
(`tests/simulation`) and the moments of a sale at which others lost money (`tests/known_failures`). Their checks, which
read the terminals' journals and the audit, must notice every one.
In the last run {survivors} survived. This page is written by that command.

| the guard that was taken out | from | |
| --- | --- | --- |
{rows}
"""

if __name__ == "__main__":
    sys.exit(main())
