"""Every way of paying, and what else is done about a sale: how it is set up, how it may end, which steps it has."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from till import Errand

from ringup.domain.cart import SaleRequest, Tender
from shop_floor import ShopFloor

SELL = "prepare_checkout open_batch record_batch begin_payment charge record_outcome"
EXCHANGE = "prepare_exchange open_batch record_batch begin_payment charge record_outcome"
FIND = "claim_due_payments end_stale_refunds claim_stale_orders"
EXPIRE = "cancel_checkout"
LOOK = "look_up"
COMPLETE = "complete_checkout"
CAPTURE = "capture record_capture"
TIP = "begin_tip adjust_tip record_tip"
VOID = "void record_void"
PREPARE_BACK = "prepare_refund look_up begin_refund leave_refund"
RETURN = "open_batch record_batch refund record_outcome"


@dataclass(frozen=True)
class Kind:
    """A sale that is to be killed at every step.

    `opening` is done first, by processes that live. `ends` is what the till may be told
    in the end, and `card_cents` what the cards have paid if that is 201; `own_cents` is what a
    gift card has paid then, and as much again is store credit's. `coupon` is good once: a use
    that is lost on the way sells no more. `gives_back`: the errand is a refund of the sale, which
    has begun before; `is_settled`: so is its batch. `exchanged_for`: how many the errand gives for
    the whole sale. `rest`: the till keeps what a card was approved for in part, and this is how it
    pays the rest. `may_tip`: recovery may capture the money before the tip is asked for again, and
    the card then pays the price alone. `steps` are the steps of the errand and of recovery after
    it; the kill matrix dies before and after each of them, and nowhere else.
    """

    name: str
    request: Callable[[ShopFloor], SaleRequest]
    steps: str
    card_cents: int = 0
    own_cents: int = 0
    ends: tuple[int, ...] = (201,)
    mode: str = "sale"
    fault: dict[str, Any] | None = None
    times: int | None = 1
    opening: tuple[Errand, ...] = ()
    errand: Errand = "sell"
    terminals: int = field(default=1)
    gives_back: bool = False
    is_settled: bool = False
    exchanged_for: int = 0
    rest: Callable[[ShopFloor], tuple[Tender, ...]] | None = None
    coupon: str = ""
    may_tip: bool = False

    @property
    def failpoints(self) -> set[str]:
        return {f"{moment}:{step}" for step in self.steps.split() for moment in ("before", "after")}


def card(floor: ShopFloor) -> SaleRequest:
    return floor.sale()


def cash(floor: ShopFloor) -> SaleRequest:
    return floor.sale(tenders=(Tender("cash", tendered_minor=2000),))


def two_by_card(floor: ShopFloor) -> SaleRequest:
    return floor.sale(quantity=2)


def external(floor: ShopFloor) -> SaleRequest:
    return floor.sale(tenders=(Tender("external", reference="slip 17", reason="our terminal is broken"),))


def card_and_cash(floor: ShopFloor) -> SaleRequest:
    return floor.sale(tenders=(Tender("card", 400, floor.terminal), Tender("cash", tendered_minor=600)))


def two_cards(floor: ShopFloor) -> SaleRequest:
    return floor.sale(tenders=(Tender("card", 400, floor.terminal), Tender("card", 600, floor.second_terminal)))


def with_points(floor: ShopFloor) -> SaleRequest:
    return floor.sale(customer_id=floor.customer, redeem_points=100)


def gift_card(floor: ShopFloor) -> SaleRequest:
    return floor.sale(
        customer_id=floor.customer,
        tenders=(Tender("gift_card", 500, gift_card_id=floor.gift_card), Tender("store_credit")),
    )


def split(floor: ShopFloor) -> SaleRequest:
    return floor.sale(
        customer_id=floor.customer,
        tenders=(
            Tender("gift_card", 300, gift_card_id=floor.gift_card),
            Tender("card", 400, floor.terminal),
            Tender("store_credit"),
        ),
    )


def a_part(floor: ShopFloor) -> SaleRequest:
    return floor.sale(accept_partial=True)


def a_part_of_the_second(floor: ShopFloor) -> SaleRequest:
    return floor.sale(accept_partial=True, tenders=(Tender("card", processor_id=floor.second_terminal),))


def in_cash(floor: ShopFloor) -> tuple[Tender, ...]:
    return (Tender("cash", tendered_minor=600),)


def on_the_first(floor: ShopFloor) -> tuple[Tender, ...]:
    return (Tender("card", processor_id=floor.terminal),)


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
    Kind("gift card and store credit", gift_card, f"prepare_checkout {FIND} {COMPLETE}", own_cents=500),
    Kind("gift card, card and store credit", split, f"{SELL} {FIND} {LOOK} {COMPLETE} {EXPIRE}", 400, own_cents=300),
    Kind("gift card and store credit, and the card declined", split, f"{SELL} {FIND} {LOOK} {EXPIRE}", own_cents=300,
         ends=(402,), fault=DECLINE, times=None),
    Kind("two cards", two_cards, f"{SELL} {FIND} {LOOK} {COMPLETE} {EXPIRE} {VOID}", 1000, terminals=2),
    Kind("card declined", card, f"{SELL} {FIND} {LOOK} {EXPIRE}", ends=(402,), fault=DECLINE, times=None),
    Kind("card approved in part", card, f"{SELL} {FIND} {LOOK} {EXPIRE} {VOID}", ends=(402,),
         fault={"path": "Sale", "fault": "partial"}, times=None),
    Kind("part of it by card, the rest in cash", a_part,
         f"{SELL} add_tenders {FIND} {LOOK} {COMPLETE} {EXPIRE} {VOID}", 500,
         fault={"path": "Sale", "fault": "partial"}, times=None, rest=in_cash),
    Kind("part of it by card, the rest by another", a_part_of_the_second,
         f"{SELL} add_tenders {FIND} {LOOK} {COMPLETE} {EXPIRE} {VOID}", 1000,
         fault={"path": "Sale", "fault": "partial"}, times=None, terminals=2, rest=on_the_first),
    Kind("card whose answer is lost", card, f"{SELL} {FIND} {LOOK} {COMPLETE} {EXPIRE}", 1000, fault=LOST_ANSWER),
    Kind("two cards, the second declined", two_cards, f"{SELL} {FIND} {LOOK} {EXPIRE} {VOID}", ends=(402,),
         fault=DECLINE, times=None, terminals=2),
    Kind("given up while nobody knows", card, f"cancel_checkout abort {FIND} {LOOK} record_outcome {COMPLETE} {VOID}",
         1000, ends=(201, 409), fault=LOST_ANSWER, opening=("sell",), errand="cancel"),
    Kind("card tipped after the sale", card, f"{TIP} {FIND} look_up_tip", 1250, opening=("sell",), errand="tip"),
    Kind("card tipped, and the answer is lost", card, f"{TIP} {FIND} look_up_tip", 1250, opening=("sell",),
         errand="tip", fault={"path": "TipAdjust", "fault": "drop_reply"}),
    Kind("card tipped before its capture", card, f"{TIP} {FIND} look_up_tip {CAPTURE}", mode="auth_capture",
         opening=("sell",), errand="tip", may_tip=True),
    Kind("asked about out of turn", card, f"claim_order_payments {FIND} {LOOK} record_outcome {COMPLETE}",
         1000, fault=LOST_ANSWER, opening=("sell",), errand="find out"),
    Kind("decided by a person", card, f"decide_payment {FIND} {LOOK} record_outcome {COMPLETE}",
         1000, fault=LOST_ANSWER, opening=("sell",), errand="say it was charged"),
    Kind("on the processor's list after a person denied it", card,
         f"list_charges record_listed_charge record_batch raise_unlisted {FIND} {VOID}",
         1000, fault=LOST_ANSWER, opening=("sell", "say it was not"), errand="walk"),
    Kind("sold after the terminal was asked how it is", card, f"claim_health_checks check_health record_health {FIND}",
         1000, errand="check health"),
    Kind("cash given back", cash, f"prepare_refund {FIND}", opening=("sell",), errand="give back", gives_back=True),
    Kind("card voided", card, f"{PREPARE_BACK} void record_outcome {FIND}", opening=("sell",), errand="give back",
         gives_back=True),
    Kind("card with points voided", with_points, f"{PREPARE_BACK} void record_outcome {FIND}", opening=("sell",),
         errand="give back", gives_back=True),
    Kind("card captured and voided", card, f"{PREPARE_BACK} {CAPTURE} void record_outcome {FIND}", mode="auth_capture",
         opening=("sell",), errand="give back", gives_back=True),
    Kind("card returned", card, f"{PREPARE_BACK} {RETURN} {FIND}", opening=("sell",), errand="give back",
         gives_back=True, is_settled=True),
    Kind("card and cash given back", card_and_cash, f"{PREPARE_BACK} void record_outcome {FIND}", opening=("sell",),
         errand="give back", gives_back=True),
    Kind("card returned, and the answer is lost", card, f"{PREPARE_BACK} {RETURN} {FIND}",
         opening=("sell",), errand="give back", gives_back=True, is_settled=True,
         fault={"path": "Return", "fault": "drop_reply"}),
    Kind("card voided, and the answer is lost", card, f"{PREPARE_BACK} void record_outcome {FIND}",
         opening=("sell",), errand="give back", gives_back=True, fault={"path": "Void", "fault": "drop_reply"}),
    Kind("a return that is declined, then cash", card,
         f"{PREPARE_BACK} {RETURN} tender_refund {FIND}", 1000, opening=("sell",),
         errand="give back, else in cash", gives_back=True, is_settled=True,
         fault={"path": "Return", "fault": "decline"}, times=None),
    Kind("exchanged evenly", cash, f"prepare_exchange {FIND} {COMPLETE}", opening=("sell",), errand="exchange for one",
         exchanged_for=1),
    Kind("exchanged for more, in cash", cash, f"prepare_exchange {FIND} {COMPLETE}", opening=("sell",),
         errand="exchange for two", exchanged_for=2),
    Kind("exchanged for more, by card", cash, f"{EXCHANGE} {FIND} {LOOK} {COMPLETE} {EXPIRE}", 1000, opening=("sell",),
         errand="exchange for two by card", exchanged_for=2),
    Kind("exchanged for more, and the card declined", cash, f"{EXCHANGE} {FIND} {LOOK} {EXPIRE}", opening=("sell",),
         errand="exchange for two by card", ends=(201, 402), fault=DECLINE, times=None),
    Kind("exchanged for less, back to the card", two_by_card,
         f"prepare_exchange begin_refund {RETURN} {FIND} {LOOK} {COMPLETE} {EXPIRE}", 1000, opening=("sell",),
         errand="exchange for one", exchanged_for=1),
    Kind("exchanged for less, and the answer is lost", two_by_card,
         f"prepare_exchange begin_refund {RETURN} {FIND} {LOOK} {COMPLETE} {EXPIRE}", 1000, opening=("sell",),
         errand="exchange for one", exchanged_for=1, fault={"path": "Return", "fault": "drop_reply"}),
]  # fmt: skip

TWICE = {
    "cash", "external", "card authorised and captured", "card with points", "gift card and store credit",
    "gift card, card and store credit", "two cards", "card declined", "card approved in part",
    "part of it by card, the rest by another", "card whose answer is lost", "two cards, the second declined",
    "given up while nobody knows", "card tipped before its capture", "asked about out of turn", "decided by a person",
    "on the processor's list after a person denied it", "sold after the terminal was asked how it is",
    "cash given back", "card captured and voided", "card returned, and the answer is lost", "exchanged evenly",
    "a return that is declined, then cash", "exchanged for less, back to the card",
}  # fmt: skip
"""Kinds that are killed again in recovery by default. The rest takes steps that these take too, with other money;
RINGUP_TEST_KILLS=all kills them twice as well, which takes about an hour more."""

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
            recognise_staff permit_reading cancel_refund record_listed_refund issue_gift_card change_gift_card
            adjust_stored_value grant_store_credit set_cash_rule save_coupon end_coupon set_price_settings set_tax_rate
            set_tax_exemption set_recount_limit show_session_report
        """,
        CLAIMED: """
            claim_events record_relayed claim_points_retries retry_points claim_receipt_mails record_receipt_mail
        """,
        "killed in tests/faults/test_kill_shifts.py": """
            open_register_session record_cash_movement count_cash close_register_session
        """,
        "a page's own: the page is told anew by the database when it comes back (tests/web)": """
            connect_browser recognise_browser disconnect_browser put_cart move_cart freeze_cart thaw_cart
        """,
        "killed in tests/faults/test_kill_stock.py": """
            receive_stock adjust_stock count_stock send_stock receive_transfer
        """,
        "counted before the PIN is compared: a death in between costs one try": "begin_pin_check finish_pin_check",
        "counted before anybody hears whether the code was right": "check_gift_card_code",
        "a beat of its own, beside the sale: without it the lease ends sooner": "keep_checkouts",
        "figures for the planner": "refresh_statistics",
        "only where what follows the money failed before: it is done again, from the same rows": "complete_refund",
    }.items()
    for step in steps.split()
}
"""Steps that are not on the way of any sale, and why the kill matrix does not come by."""
