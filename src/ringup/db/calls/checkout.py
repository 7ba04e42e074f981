"""The steps of a sale."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from ringup.db.ask import ask_one, ask_value, our_errors
from ringup.db.calls.programmes import PREVIEW
from ringup.db.calls.terms import TERMS, line_parameters, terms_parameters
from ringup.db.pool import Pool
from ringup.domain.attempt import Attempt
from ringup.domain.cart import AddedTenders, Cart, SaleRequest, Tender
from ringup.domain.ids import new_id
from ringup.domain.money import Money
from ringup.domain.outcome import (
    Approved,
    Declined,
    InDoubt,
    NotSent,
    Outcome,
    PartiallyApproved,
)
from ringup.domain.points import PointsUpdate


@dataclass(frozen=True, slots=True)
class Step:
    """Where an order stands, and what the database says is to be done about it.

    `step` is charge, look_up, tender, complete, cancel, void, capture or done, of an exchange
    also pay_back or other_tender; the payment and its terminal are named where the step is about
    one. At `tender` it is the client's turn: a part is paid, and for the rest it adds tenders, or
    cancels.
    """

    status: str
    step: str
    payment_id: UUID | None
    processor_id: UUID | None


@dataclass(frozen=True, slots=True)
class Prepared(Step):
    """`made`: this call created the order, or added the tenders. `yours`: the caller is to drive it."""

    made: bool
    yours: bool
    checkout_id: UUID
    response_status: int | None
    response_body: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Begun(Step):
    """`yours`: the caller, and nobody else, may move the money."""

    yours: bool


@dataclass(frozen=True, slots=True)
class BegunCharge(Begun):
    """Only where it is `yours`, the rest says what to charge."""

    reference_id: str | None
    amount_minor: int | None
    tip_minor: int | None
    currency: str | None
    exponent: int | None
    invoice_number: str | None
    batch_number: str | None

    @property
    def attempt(self) -> Attempt:
        assert self.amount_minor is not None and self.tip_minor is not None, "whoever may charge is told what"
        assert self.reference_id is not None and self.currency is not None and self.exponent is not None
        return Attempt(
            reference_id=self.reference_id,
            amount=Money(self.amount_minor, self.currency, self.exponent),
            tip_minor=self.tip_minor,
            invoice_number=self.invoice_number,
            batch_number=self.batch_number,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What whoever rang a checkout up is told: the stored response, or the checkout as it stands."""

    status: str
    payment_status: str
    failure_code: str | None
    failure_detail: str | None
    response_status: int | None
    response_body: dict[str, Any] | None
    document: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Completed(Step):
    """`points`: what became of the order's points, if this call is what completed it and it has a customer.

    The response is the one that was stored when it was completed.
    """

    points: dict[str, Any] | None
    payment_status: str
    response_status: int | None
    response_body: dict[str, Any] | None

    @property
    def points_update(self) -> PointsUpdate | None:
        if self.points is None:
            return None
        ids = {name: UUID(self.points[name]) for name in ("customer_id", "order_id")}
        return PointsUpdate(**{**self.points, **ids})

    @property
    def answer(self) -> Answer:
        return Answer(self.status, self.payment_status, None, None, self.response_status, self.response_body, None)


PREPARE = f"""
    select * from ringup.prepare_checkout(
        %(vendor_id)s, %(order_id)s, %(key)s, %(hash)s, %(location_id)s, %(register_id)s, %(customer_id)s,
        %(currency)s, %(codes)s::text[], %(product_ids)s::uuid[], %(quantities)s::bigint[],
        %(discounts)s::bigint[], %(prices)s::bigint[], %(types)s::text[], %(processors)s::uuid[],
        %(amounts)s::bigint[], %(tendered)s::bigint[], %(references)s::text[], %(points)s, %(tip)s,
        %(metadata)s, %(request_id)s, %(hold_seconds)s, %(lease_seconds)s,
        {TERMS}, %(tender_gift_cards)s::uuid[], %(line_gift_cards)s::uuid[], %(reasons)s::text[],
        %(accept_partial)s)
"""
ADD = """
    select * from ringup.add_tenders(
        %(vendor_id)s, %(order_id)s, %(key)s, %(hash)s, %(types)s::text[], %(processors)s::uuid[],
        %(amounts)s::bigint[], %(tendered)s::bigint[], %(references)s::text[], %(tender_gift_cards)s::uuid[],
        %(reasons)s::text[], %(hold_seconds)s, %(lease_seconds)s)
"""


def _named(values: list[Any]) -> list[Any] | None:
    """Most carts name none of them, and cost nothing more."""
    return values if any(values) else None


def _tender_parameters(tenders: Sequence[Tender]) -> dict[str, object]:
    return {
        "types": [tender.type for tender in tenders],
        "processors": [tender.processor_id for tender in tenders],
        "amounts": [tender.amount_minor for tender in tenders],
        "tendered": [tender.tendered_minor for tender in tenders],
        "references": [tender.reference for tender in tenders],
        "tender_gift_cards": _named([tender.gift_card_id for tender in tenders]),
        "reasons": _named([tender.reason for tender in tenders]),
    }


def sale_parameters(request: SaleRequest, hold_seconds: int, lease_seconds: int) -> dict[str, object]:
    cart = request.cart
    return {
        "vendor_id": request.vendor_id,
        "order_id": new_id(),
        "key": request.idempotency_key,
        "hash": request.request_hash,
        "location_id": cart.location_id,
        "register_id": cart.register_id,
        "customer_id": cart.customer_id,
        "currency": cart.currency,
        **line_parameters(cart.lines),
        **_tender_parameters(cart.tenders),
        "line_gift_cards": _named([line.gift_card_id for line in cart.lines]),
        "accept_partial": cart.accept_partial,
        "points": cart.redeem_points,
        "tip": cart.tip_minor,
        "metadata": Jsonb(dict(cart.metadata)),
        "request_id": request.request_id,
        "hold_seconds": hold_seconds,
        "lease_seconds": lease_seconds,
        **terms_parameters(
            cart.lines,
            discounts=cart.discounts,
            coupons=cart.coupons,
            tax_exemption=cart.tax_exemption,
            staff_id=cart.staff_id,
            approval_ids=cart.approval_ids,
        ),
    }


async def prepare_checkout(db: Pool, request: SaleRequest, *, hold_seconds: int, lease_seconds: int) -> Prepared:
    """Step 1: price, check and set aside everything, or refuse. Safe to repeat with the same key."""
    return await ask_one(db, Prepared, PREPARE, sale_parameters(request, hold_seconds, lease_seconds))


async def add_tenders(db: Pool, added: AddedTenders, *, hold_seconds: int, lease_seconds: int) -> Prepared:
    """Pay what a kept part left, all of it, or refuse. Safe to repeat with the same key.

    Raises TenderNotWanted where nothing is left to pay, or no longer; SessionClosed; and what
    `prepare_checkout` refuses about tenders. Nobody was charged then, and the part stays kept.
    """
    parameters = {
        "vendor_id": added.vendor_id,
        "order_id": added.checkout_id,
        "key": added.idempotency_key,
        "hash": added.request_hash,
        "hold_seconds": hold_seconds,
        "lease_seconds": lease_seconds,
        **_tender_parameters(added.tenders),
    }
    return await ask_one(db, Prepared, ADD, parameters)


async def preflight_checkout(db: Pool, vendor_id: UUID, cart: Cart) -> dict[str, Any]:
    """Say what `prepare_checkout` would do, by doing it and taking it back. Nothing is committed.

    `points` says besides what the customer may redeem on this cart; null where nobody is named.
    """
    key = f"preflight-{new_id()}"
    request = SaleRequest(vendor_id, key, hashlib.sha256(key.encode()).digest(), cart)
    parameters = sale_parameters(request, hold_seconds=300, lease_seconds=15)
    async with our_errors(), db.connection() as connection, connection.transaction(force_rollback=True):
        points = None
        if cart.customer_id is not None:
            # Before the sale is tried: then they would be set aside.
            cursor = await connection.execute(f"select to_jsonb(v) from ({PREVIEW}) as v".encode(), parameters)
            points = (await cursor.fetchone() or (None,))[0]
        cursor = await connection.execute(
            f"select ringup.read_checkout(%(vendor_id)s, p.checkout_id) from ({PREPARE}) as p".encode(), parameters
        )
        row = await cursor.fetchone()
    assert row is not None, "prepare_checkout answers one row or raises"
    return {**row[0], "points": points}


async def begin_payment(
    db: Pool, vendor_id: UUID, payment_id: UUID, *, lease_seconds: int, hold_seconds: int
) -> BegunCharge:
    """Commit the intent to charge. Only the caller that gets `yours` may."""
    return await ask_one(
        db,
        BegunCharge,
        "select * from ringup.begin_payment(%s, %s, %s, %s)",
        [vendor_id, payment_id, lease_seconds, hold_seconds],
    )


async def keep_checkouts(db: Pool, vendor_id: UUID, checkout_ids: list[UUID], *, lease_seconds: int) -> int:
    """Renew the leases of what the caller drives, and say how many it still has. Safe to repeat."""
    kept: int = await ask_value(
        db, "select ringup.keep_checkouts(%s, %s::uuid[], %s)", [vendor_id, checkout_ids, lease_seconds]
    )
    return kept


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment as an adapter needs it. `seconds_since_sent` is by the database's clock.

    `exchange_order_id` is the new sale of the exchange for which it pays back.
    """

    id: UUID
    order_id: UUID
    processor_id: UUID
    status: str
    reference_id: str
    amount_minor: int
    tip_minor: int
    approved_minor: int | None
    currency: str
    exponent: int
    invoice_number: str
    auth_code: str | None
    batch_number: str | None
    seconds_since_sent: float
    exchange_order_id: UUID | None

    @property
    def attempt(self) -> Attempt:
        return Attempt(
            reference_id=self.reference_id,
            amount=Money(self.amount_minor, self.currency, self.exponent),
            tip_minor=self.tip_minor,
            invoice_number=self.invoice_number,
            seconds_since_sent=self.seconds_since_sent,
            auth_code=self.auth_code,
            approved_minor=self.approved_minor,
            batch_number=self.batch_number,
        )


async def read_payment(db: Pool, vendor_id: UUID, payment_id: UUID) -> Payment:
    return await ask_one(db, Payment, "select * from ringup.read_payment(%s, %s)", [vendor_id, payment_id])


RECORD = """
    select * from ringup.record_outcome(
        %(vendor_id)s, %(payment_id)s, %(outcome)s, %(approved_minor)s, %(tip_minor)s, %(captured)s,
        %(voided)s, %(auth_code)s, %(card_brand)s, %(card_last4)s, %(batch_number)s, %(transaction_number)s,
        %(host_reference)s, %(code)s, %(reason)s, %(wait_seconds)s)
"""


def outcome_name(outcome: Outcome) -> str:
    """The outcome in the words of the SQL functions."""
    match outcome:
        case Approved():
            return "approved"
        case PartiallyApproved():
            return "partially_approved"
        case Declined():
            return "declined"
        case NotSent(busy=True):
            return "busy"
        case NotSent():
            return "not_sent"
        case InDoubt(unanswerable=True):
            return "unanswerable"
        case InDoubt():
            return "in_doubt"


async def record_outcome(db: Pool, vendor_id: UUID, payment_id: UUID, outcome: Outcome) -> Step:
    """Commit what the terminal said, even if that is "we do not know". Safe to repeat."""
    approval = outcome.approval if isinstance(outcome, Approved | PartiallyApproved) else None
    refusal = None if isinstance(outcome, Approved | PartiallyApproved) else outcome
    parameters = {
        "vendor_id": vendor_id,
        "payment_id": payment_id,
        "outcome": outcome_name(outcome),
        "approved_minor": approval and approval.approved_minor,
        "tip_minor": approval and approval.tip_minor,
        "captured": approval and approval.captured,
        "voided": approval and approval.voided,
        "auth_code": approval and approval.auth_code,
        "card_brand": approval and approval.card_brand,
        "card_last4": approval and approval.card_last4,
        "batch_number": approval and approval.batch_number,
        "transaction_number": approval and approval.transaction_number,
        "host_reference": approval and approval.host_reference,
        "code": refusal and refusal.code,
        "reason": refusal and refusal.reason,
        "wait_seconds": outcome.proof_in_seconds if isinstance(outcome, InDoubt) else None,
    }
    return await ask_one(db, Step, RECORD, parameters)


async def complete_checkout(db: Pool, vendor_id: UUID, checkout_id: UUID) -> Completed:
    """Step 3: the sale happens, all of it in one transaction. Safe to repeat."""
    return await ask_one(db, Completed, "select * from ringup.complete_checkout(%s, %s)", [vendor_id, checkout_id])


async def cancel_checkout(db: Pool, vendor_id: UUID, checkout_id: UUID, *, event: str, code: str, reason: str) -> Step:
    """Step 5: the sale does not happen; noted for later while money is in doubt. Safe to repeat."""
    return await ask_one(
        db,
        Step,
        "select * from ringup.cancel_checkout(%s, %s, %s, %s, %s)",
        [vendor_id, checkout_id, event, code, reason],
    )


async def read_checkout(db: Pool, vendor_id: UUID, checkout_id: UUID) -> dict[str, Any]:
    document: dict[str, Any] = await ask_value(db, "select ringup.read_checkout(%s, %s)", [vendor_id, checkout_id])
    return document


async def read_answer(db: Pool, vendor_id: UUID, checkout_id: UUID) -> Answer:
    return await ask_one(db, Answer, "select * from ringup.read_answer(%s, %s)", [vendor_id, checkout_id])
