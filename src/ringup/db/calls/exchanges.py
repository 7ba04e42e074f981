"""The steps of an exchange that are not those of its sale or of its refund."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from ringup.db.ask import ask_one, ask_value, our_errors
from ringup.db.calls.checkout import Prepared, sale_parameters
from ringup.db.calls.refunds import refund_parameters
from ringup.db.calls.terms import TERMS
from ringup.db.pool import Pool
from ringup.domain.cart import Tender
from ringup.domain.errors import TendersDoNotAddUp
from ringup.domain.exchange import ExchangeRequest

RETURNED = """row(
            %(returned_order_id)s::uuid, %(returned_numbers)s::integer[], %(returned_quantities)s::bigint[],
            %(returned_restocks)s::boolean[], %(returned_tip)s::bigint, %(returned_tender)s::text,
            %(returned_reference)s::text, %(without_receipt)s::boolean, %(reason)s::text,
            %(actor)s::text)::ringup.returned_goods"""
"""What comes back, in a statement."""

PREPARE_EXCHANGE = f"""
    select * from ringup.prepare_exchange(
        %(vendor_id)s, %(order_id)s, %(key)s, %(hash)s, %(location_id)s, %(register_id)s, %(customer_id)s,
        %(currency)s, %(codes)s::text[], %(product_ids)s::uuid[], %(quantities)s::bigint[],
        %(discounts)s::bigint[], %(prices)s::bigint[], %(types)s::text[], %(processors)s::uuid[],
        %(amounts)s::bigint[], %(tendered)s::bigint[], %(references)s::text[], %(points)s, %(tip)s,
        %(metadata)s, %(request_id)s, %(hold_seconds)s, %(lease_seconds)s,
        {TERMS}, %(tender_gift_cards)s::uuid[], %(line_gift_cards)s::uuid[], %(reasons)s::text[],
        {RETURNED})
"""


def _parameters(request: ExchangeRequest, hold_seconds: int, lease_seconds: int) -> dict[str, Any]:
    back = refund_parameters(request.returned)
    return {
        **sale_parameters(request.sale, hold_seconds, lease_seconds),
        **{f"returned_{name}": back[name] for name in ("numbers", "quantities", "restocks", "tip", "tender")},
        "returned_order_id": request.returned.order_id,
        "returned_reference": back["reference"],
        "without_receipt": request.returned.without_receipt,
        "reason": request.returned.reason,
        "actor": request.returned.actor,
    }


async def prepare_exchange(db: Pool, request: ExchangeRequest, *, hold_seconds: int, lease_seconds: int) -> Prepared:
    """The first step: set aside what is sold, keep what comes back. Safe to repeat with the same key."""
    return await ask_one(db, Prepared, PREPARE_EXCHANGE, _parameters(request, hold_seconds, lease_seconds))


async def preview_exchange(db: Pool, request: ExchangeRequest) -> dict[str, Any]:
    """Say what an exchange would come to, by preparing it and taking that back. Nothing is committed.

    Without tenders, as if what is to be paid were paid in cash.
    """
    if not request.sale.cart.tenders:
        cash = replace(request.sale.cart, tenders=(Tender("cash"),))
        try:
            return await _make_and_take_back(db, ExchangeRequest(replace(request.sale, cart=cash), request.returned))
        except TendersDoNotAddUp:
            # Nothing is to be paid.
            pass
    return await _make_and_take_back(db, request)


async def _make_and_take_back(db: Pool, request: ExchangeRequest) -> dict[str, Any]:
    async with our_errors(), db.connection() as connection, connection.transaction(force_rollback=True):
        cursor = await connection.execute(
            f"select ringup.read_exchange(%(vendor_id)s, p.checkout_id) from ({PREPARE_EXCHANGE}) as p".encode(),
            _parameters(request, hold_seconds=300, lease_seconds=15),
        )
        row = await cursor.fetchone()
    assert row is not None, "prepare_exchange answers one row or raises"
    document: dict[str, Any] = row[0]
    return document


async def read_exchange(db: Pool, vendor_id: UUID, exchange_id: UUID) -> dict[str, Any]:
    """Both halves as they stand. Known by the id of the new sale."""
    document: dict[str, Any] = await ask_value(db, "select ringup.read_exchange(%s, %s)", [vendor_id, exchange_id])
    return document
