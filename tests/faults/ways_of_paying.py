"""Every way of paying, and what else is done about a sale: how it is set up, how it may end, which steps it has."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from till import Errand

from ringup.domain.cart import SaleRequest, Tender
from shop_floor import ShopFloor

SELL = "prepare_checkout open_batch record_batch begin_payment charge record_outcome"
FIND = "claim_due_payments claim_stale_orders"
EXPIRE = "cancel_checkout"
LOOK = "look_up"
COMPLETE = "complete_checkout"
CAPTURE = "capture record_capture"
VOID = "void record_void"


@dataclass(frozen=True)
class Kind:
    """A sale that is to be killed at every step.

    `opening` is done first, by processes that live. `ends` is what the till may be told
    in the end, and `card_cents` what the cards have paid if that is 201. `coupon` is good
    once: a use that is lost on the way sells no more. `steps` are the steps of the errand
    and of recovery after it; the kill matrix dies before and after each of them, and
    nowhere else.
    """

    name: str
    request: Callable[[ShopFloor], SaleRequest]
    steps: str
    card_cents: int = 0
    ends: tuple[int, ...] = (201,)
    mode: str = "sale"
    fault: dict[str, Any] | None = None
    times: int | None = 1
    opening: tuple[Errand, ...] = ()
    errand: Errand = "sell"
    terminals: int = field(default=1)
    coupon: str = ""

    @property
    def failpoints(self) -> set[str]:
        return {f"{moment}:{step}" for step in self.steps.split() for moment in ("before", "after")}


def card(floor: ShopFloor) -> SaleRequest:
    return floor.sale()


def cash(floor: ShopFloor) -> SaleRequest:
    return floor.sale(tenders=(Tender("cash", tendered_minor=2000),))


def external(floor: ShopFloor) -> SaleRequest:
    return floor.sale(tenders=(Tender("external", reference="slip 17"),))


def card_and_cash(floor: ShopFloor) -> SaleRequest:
    return floor.sale(tenders=(Tender("card", 400, floor.terminal), Tender("cash", tendered_minor=600)))


def two_cards(floor: ShopFloor) -> SaleRequest:
    return floor.sale(tenders=(Tender("card", 400, floor.terminal), Tender("card", 600, floor.second_terminal)))


def with_points(floor: ShopFloor) -> SaleRequest:
    return floor.sale(customer_id=floor.customer, redeem_points=100)


def with_a_coupon(floor: ShopFloor) -> SaleRequest:
    return floor.sale(coupons=(ONCE,))


ONCE = "ONCE"
LOST_ANSWER = {"path": "Sale", "fault": "drop_reply"}
DECLINE = {"path": "Sale", "fault": "decline"}

KINDS = [
    Kind("cash", cash, f"prepare_checkout {FIND} {COMPLETE}"),
    Kind("external", external, f"prepare_checkout {FIND} {COMPLETE}"),
    Kind("card sold at once", card, f"{SELL} {FIND} {LOOK} {COMPLETE} {EXPIRE}", 1000),
    Kind("card authorised and captured", card, f"{SELL} {FIND} {LOOK} {COMPLETE} {EXPIRE} {CAPTURE}", 1000,
         mode="auth_capture"),
    Kind("card with points", with_points, f"{SELL} {FIND} {LOOK} {COMPLETE} {EXPIRE}", 900),
    Kind("card with the last use of a coupon", with_a_coupon, f"{SELL} {FIND} {LOOK} {COMPLETE} {EXPIRE}", 900,
         coupon=ONCE),
    Kind("card and cash", card_and_cash, f"{SELL} {FIND} {LOOK} {COMPLETE} {EXPIRE}", 400),
    Kind("two cards", two_cards, f"{SELL} {FIND} {LOOK} {COMPLETE} {EXPIRE} {VOID}", 1000, terminals=2),
    Kind("card declined", card, f"{SELL} {FIND} {LOOK} {EXPIRE}", ends=(402,), fault=DECLINE, times=None),
    Kind("card approved in part", card, f"{SELL} {FIND} {LOOK} {EXPIRE} {VOID}", ends=(402,),
         fault={"path": "Sale", "fault": "partial"}, times=None),
    Kind("card whose answer is lost", card, f"{SELL} {FIND} {LOOK} {COMPLETE} {EXPIRE}", 1000, fault=LOST_ANSWER),
    Kind("two cards, the second declined", two_cards, f"{SELL} {FIND} {LOOK} {EXPIRE} {VOID}", ends=(402,),
         fault=DECLINE, times=None, terminals=2),
    Kind("given up while nobody knows", card, f"cancel_checkout abort {FIND} {LOOK} record_outcome {COMPLETE} {VOID}",
         1000, ends=(201, 409), fault=LOST_ANSWER, opening=("sell",), errand="cancel"),
    Kind("asked about out of turn", card, f"claim_order_payments {FIND} {LOOK} record_outcome {COMPLETE}",
         1000, fault=LOST_ANSWER, opening=("sell",), errand="find out"),
    Kind("decided by a person", card, f"decide_payment {FIND} {LOOK} record_outcome {COMPLETE}",
         1000, fault=LOST_ANSWER, opening=("sell",), errand="say it was charged"),
    Kind("on the processor's list after a person denied it", card,
         f"list_charges record_listed_charge record_batch raise_unlisted {FIND} {VOID}",
         1000, fault=LOST_ANSWER, opening=("sell", "say it was not"), errand="walk"),
    Kind("sold after the terminal was asked how it is", card, f"claim_health_checks check_health record_health {FIND}",
         1000, errand="check health"),
]  # fmt: skip

ALONE = "one transaction that nothing follows: it happened or it did not"
CLAIMED = "a claim that runs out by itself, or what is recorded under one: it is done again, with the same ids"
NOT_KILLED = {
    step: reason
    for reason, steps in {
        ALONE: """
            create_vendor create_location create_register create_api_key revoke_api_key save_product save_customer
            save_processor set_programme save_campaign end_campaign set_adjustment_limit set_receipt_texts set_switch
            change_stock adjust_points import_points merge_customers expire_points review_tiers resolve_points
            resolve_item cleanup_stale_pending_orders record_receipt_print
            queue_receipt_mail save_staff set_staff_pin set_staff_rule give_approval sign_in_staff sign_out_staff
            recognise_staff permit_reading save_coupon end_coupon set_price_settings set_tax_rate set_tax_exemption
            set_recount_limit show_session_report
        """,
        "killed in tests/faults/test_kill_shifts.py": """
            open_register_session record_cash_movement count_cash close_register_session
        """,
        CLAIMED: """
            claim_events record_relayed claim_points_retries retry_points claim_receipt_mails record_receipt_mail
        """,
        "counted before the PIN is compared: a death in between costs one try": "begin_pin_check finish_pin_check",
        "a beat of its own, beside the sale: without it the lease ends sooner": "keep_checkouts",
        "figures for the planner": "refresh_statistics",
        "no process asks for it: refunds are not built": "refund",
    }.items()
    for step in steps.split()
}
"""Steps that are not on the way of any sale, and why the kill matrix does not come by."""
