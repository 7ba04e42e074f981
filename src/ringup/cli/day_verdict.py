"""Whether a demonstration day adds up: what cashiers saw, Z reports, the processor's journal and the audit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ringup.cli.day_cashier import DayCashier
from ringup.cli.day_plan import GIFT_CARD_MINOR
from ringup.db.reads.audit import Violation


def judge_day(
    cashiers: Sequence[DayCashier],
    charged_minor: Mapping[str, int],
    violations: Sequence[tuple[str, Violation]],
    stuck: int,
) -> list[str]:
    """What is wrong, a sentence each; nothing if the day adds up. `charged_minor` is by terminal, from its journal."""
    broken = [f"{name}: {found.subject} {found.subject_id}: {found.problem}" for name, found in violations]
    if stuck:
        broken.append(f"{stuck} payments or orders were not settled in time")
    for cashier in cashiers:
        broken += (f"{cashier.lane.tpn}: {problem}" for problem in _problems(cashier, charged_minor))
    return broken


def _problems(cashier: DayCashier, charged_minor: Mapping[str, int]) -> Iterator[str]:
    seen, report = cashier.seen, cashier.z_report
    yield from cashier.problems
    cash, sales = report["cash"], report["sales"]
    tenders = {tender["type"]: tender for tender in report["tenders"]}
    for what, found, expected in (
        ("sales", sales["orders_count"], seen.sales_count),
        ("total of sales", sales["total_minor"], seen.sales_minor),
        ("total of its parts", _total_of_parts(sales), seen.sales_minor),
        ("total of tenders", sum(tender["sales_minor"] for tender in tenders.values()), seen.sales_minor),
        ("cash that should be there", cash["expected_minor"], seen.drawer_minor),
        ("float + in - out", _float_and_flow(cash), seen.drawer_minor),
        ("over or short", cash["variance_minor"], -cashier.missing_minor),
        ("left on the gift card", cashier.gift_card_minor, GIFT_CARD_MINOR - seen.net_minor("gift_card")),
        ("cards, by the terminal's journal", charged_minor[cashier.lane.tpn], seen.net_minor("card")),
    ):
        if found != expected:
            yield f"{what}: {found}, and it should be {expected}"
    for tender_type in sorted({*tenders, *seen.taken, *seen.given_back}):
        tender = tenders.get(tender_type, {"sales_minor": 0, "refunds_minor": 0})
        found_pair = (tender["sales_minor"], tender["refunds_minor"])
        if found_pair != (seen.taken[tender_type], seen.given_back[tender_type]):
            yield f"{tender_type}: {found_pair} taken and given back, and the cashier saw " + str(
                (seen.taken[tender_type], seen.given_back[tender_type])
            )


def _total_of_parts(sales: Mapping[str, Any]) -> int:
    total: int = (
        sales["subtotal_minor"]
        - sales["discount_minor"]
        + sales["tax_minor"]
        - sales["tax_included_minor"]
        + sales["tip_minor"]
        + sales["cash_rounding_minor"]
    )
    return total


def _float_and_flow(cash: Mapping[str, Any]) -> int:
    flow: int = (
        cash["opening_float_minor"]
        + cash["tendered_minor"]
        - cash["change_minor"]
        - cash["refunds_minor"]
        + cash["paid_in_minor"]
        - cash["paid_out_minor"]
        - cash["cash_drop_minor"]
    )
    return flow
