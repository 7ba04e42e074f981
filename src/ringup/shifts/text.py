"""An X or Z report as plain text, as wide as the paper of a counter printer.

Says in words what is hidden, what is missing, and what came late. The numbers are the document's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ringup.domain.money import Money
from ringup.domain.tender_names import TENDER_NAMES

WIDTH = 42
RULE = "-" * WIDTH
HIDDEN = "hidden"
"""What stands in place of an amount that a count must not be influenced by."""

MOVEMENT_NAMES = {"paid_in": "Paid in", "paid_out": "Paid out", "cash_drop": "Drop", "no_sale": "No sale"}
TAKEN_OUT = {"paid_out", "cash_drop"}

Report = Mapping[str, Any]


def report_as_text(report: Report) -> str:
    """42 characters a line, no trailing spaces, a newline at the end."""
    paper = _Paper(report["currency"], report["currency_exponent"], ZoneInfo(report["time_zone"]))
    parts = (_head, _sales, _tenders, _drawer, _movements, _counts, _under_way, _late, _afterwards)
    lines = [line for part in parts for line in part(report, paper)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Paper:
    currency: str
    exponent: int
    zone: ZoneInfo

    def money(self, amount_minor: int | None) -> str:
        if amount_minor is None:
            return HIDDEN
        return f"{Money(amount_minor, self.currency, self.exponent).major:f}"

    def time(self, instant: str) -> str:
        return datetime.fromisoformat(instant).astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def row(self, label: str, amount_minor: int | None) -> str:
        """The amount is never cut; the label is."""
        return _row(label, self.money(amount_minor))


def _row(label: str, value: str) -> str:
    room = WIDTH - len(value)
    return f"{label[: room - 1]:<{room}}{value}"


def _head(report: Report, paper: _Paper) -> Iterator[str]:
    yield report["vendor_name"][:WIDTH].center(WIDTH)
    yield report["location_name"][:WIDTH].center(WIDTH)
    title = f"{report['type']} REPORT"
    if report["closure_number"] is not None:
        title += f" {report['closure_number']}"
    if report["kind"] == "late":
        title += ", LATE SALES"
    yield f"*** {title} ***".center(WIDTH)
    yield ""
    yield _row(report["register_name"], paper.currency)
    yield _row(f"Opened by {report['opened_by']}", paper.time(report["opened_at"]))
    if report["closed_at"] is None:
        yield _row("Open still", paper.time(report["made_at"]))
    else:
        yield _row(f"Closed by {report['closed_by']}", paper.time(report["closed_at"]))


def _sales(report: Report, paper: _Paper) -> Iterator[str]:
    sales = report["sales"]
    yield RULE
    yield _row("Sales", str(sales["orders_count"]))
    if report["is_blind"]:
        yield _row("Total of sales", HIDDEN)
        return
    yield paper.row("Goods", sales["subtotal_minor"])
    for label, amount_minor in (
        ("Discounts", -sales["discount_minor"]),
        ("Tax", sales["tax_minor"] - sales["tax_included_minor"]),
        ("Tips", sales["tip_minor"]),
        ("Cash rounding", sales["cash_rounding_minor"]),
    ):
        if amount_minor:
            yield paper.row(label, amount_minor)
    yield paper.row("Total of sales", sales["total_minor"])
    if sales["tax_included_minor"]:
        yield paper.row("Tax within the prices", sales["tax_included_minor"])


def _tenders(report: Report, paper: _Paper) -> Iterator[str]:
    yield RULE
    for tender in report["tenders"]:
        name = TENDER_NAMES.get(tender["type"], tender["type"])
        yield paper.row(f"{name}, {tender['sales_count']} taken", tender["sales_minor"])
        if tender["refunds_count"]:
            yield paper.row(f"{name}, {tender['refunds_count']} given back", -tender["refunds_minor"])
    if report["is_blind"]:
        yield _row("Cash", HIDDEN)
    elif not report["tenders"]:
        yield "Nothing was taken"


def _drawer(report: Report, paper: _Paper) -> Iterator[str]:
    cash = report["cash"]
    yield RULE
    yield paper.row("Float", cash["opening_float_minor"])
    if not report["is_blind"]:
        yield paper.row("Cash handed over", cash["tendered_minor"])
        yield paper.row("Change given", -cash["change_minor"])
        if cash["refunds_minor"]:
            yield paper.row("Cash refunds", -cash["refunds_minor"])
    for label, amount_minor in (
        ("Paid in", cash["paid_in_minor"]),
        ("Paid out", -cash["paid_out_minor"]),
        ("Drops", -cash["cash_drop_minor"]),
    ):
        if amount_minor:
            yield paper.row(label, amount_minor)
    yield paper.row("Should be there", cash["expected_minor"])
    if cash["counted_minor"] is not None:
        yield paper.row("Counted", cash["counted_minor"])
        yield _row(*_off_by(cash["variance_minor"], paper))
    elif report["kind"] == "late":
        yield "Nobody counted: look for it in the count"
        yield "before, or in the next one."


def _off_by(variance_minor: int, paper: _Paper) -> tuple[str, str]:
    if variance_minor == 0:
        return "Over or short", "exact"
    return ("OVER" if variance_minor > 0 else "SHORT"), paper.money(abs(variance_minor))


def _movements(report: Report, paper: _Paper) -> Iterator[str]:
    if report["movements"]:
        yield RULE
    for move in report["movements"]:
        sign = -1 if move["kind"] in TAKEN_OUT else 1
        name = MOVEMENT_NAMES[move["kind"]]
        yield name if move["kind"] == "no_sale" else paper.row(name, sign * move["amount_minor"])
        yield f"  {move['reason']}"[:WIDTH]
        yield f"  {_names(move['done_by'], move['approved_by'])}"[:WIDTH]


def _counts(report: Report, paper: _Paper) -> Iterator[str]:
    for count in report["counts"]:
        yield RULE
        if count["count_number"] == 0:
            yield paper.row("Float, counted", count["counted_minor"])
        else:
            yield paper.row(f"Count {count['count_number']}", count["counted_minor"])
        yield f"  {_names(count['counted_by'], count['approved_by'])}"[:WIDTH]
        for coin in count["denominations"]:
            label = f"  {coin['quantity']} x {paper.money(coin['face_minor'])}"
            yield paper.row(label, coin["quantity"] * coin["face_minor"])
        if count["is_wanted_again"]:
            yield "  off by too much: counted once more"


def _names(done_by: str, approved_by: str | None) -> str:
    return f"{done_by}, approved by {approved_by}" if approved_by else done_by


def _under_way(report: Report, paper: _Paper) -> Iterator[str]:
    if report["under_way"]:
        yield RULE
        yield "Under way, and not in these numbers:"
    for sale in report["under_way"]:
        yield paper.row(f"  {sale['order_number']}{', in doubt' * sale['is_in_doubt']}", sale["total_minor"])


def _late(report: Report, paper: _Paper) -> Iterator[str]:
    if report["late"]:
        yield RULE
        yield "Late, from shifts that were closed:"
    for sale in report["late"]:
        yield paper.row(f"  {sale['order_number']}, of Z {sale['began_closure_number']}", sale["total_minor"])
    between = report["late_session"]
    if between:
        yield RULE
        yield "While the register was closed:"
        yield f"  {between['order_count']} late, see Z {between['closure_number']}"


def _afterwards(report: Report, paper: _Paper) -> Iterator[str]:
    if report.get("afterwards"):
        yield RULE
        yield "What became of the sales under way:"
    for sale in report.get("afterwards", ()):
        where = f"in Z {sale['closure_number']}" if sale["closure_number"] else "in an open session"
        became = where if sale["counted_in"] else sale["status"].replace("_", " ")
        yield paper.row(f"  {sale['order_number']}, {became}", sale["total_minor"])
