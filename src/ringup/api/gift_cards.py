"""Gift cards and store credit: what customers have with us, and may pay with."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, field_validator

from ringup.api.asking import asker
from ringup.api.authentication import Caller, needs
from ringup.api.fields import (
    PERMITS,
    After,
    Flag,
    Form,
    GiftCardCode,
    Id,
    Instant,
    Limit,
    Minor,
    Page,
    PathId,
    PositiveMinor,
    Text,
    page,
    refusals,
)
from ringup.api.screening import ScreenedRoute
from ringup.api.wired import OpenShop
from ringup.db.calls import gift_cards as calls
from ringup.db.reads import gift_cards as reads
from ringup.db.reads.customers import find_customer
from ringup.db.reads.gift_cards import StoredValue, StoredValueEntry
from ringup.domain.errors import CustomerNotFound, GiftCardNotFound
from ringup.domain.gift_cards import make_code, read_code
from ringup.domain.ids import new_id
from ringup.domain.money import AMOUNT_MINOR_MAX
from ringup.gift_cards.codes import find_by_code, hash_code
from ringup.wiring import Shop

router = APIRouter(tags=["gift cards"], route_class=ScreenedRoute)

Reader = Annotated[Caller, needs("gift_cards:read")]
Writer = Annotated[Caller, needs("gift_cards:write")]


class GiftCardForm(Form):
    """A new gift card. An empty one is for a sale to sell: a line that names it loads it with what is paid."""

    code: Annotated[GiftCardCode | None, Field(description="Your own. Without it, one is made.")] = None
    amount_minor: Annotated[Minor, Field(description="Given out by hand, without a sale. Takes a reason.")] = 0
    expires_at: Annotated[Instant | None, Field(description="From then on it is refused. Without it, never.")] = None
    reason: Text | None = None
    gift_card_id: Annotated[Id | None, Field(description="Chosen by you, so that the request can be repeated.")] = None


class IssuedGiftCard(BaseModel):
    """`code` is shown here and never again: nobody can find it out."""

    code: str
    gift_card: StoredValue


class CodeForm(Form):
    code: GiftCardCode


class GiftCardChangeForm(Form):
    """How the card is from now on: what is left out is the default, not what was before."""

    is_disabled: Flag = False
    expires_at: Instant | None = None
    reason: Text


class ValueAdjustmentForm(Form):
    """What to give, or to take with a minus."""

    amount_minor: Annotated[int, Field(strict=True, ge=-AMOUNT_MINOR_MAX, le=AMOUNT_MINOR_MAX)]
    reason: Text
    adjustment_id: Annotated[Id | None, Field(description="Chosen by you, so that the request can be repeated.")] = None

    @field_validator("amount_minor")
    @classmethod
    def _moves_something(cls, amount_minor: int) -> int:
        if amount_minor == 0:
            raise ValueError("an adjustment of nothing is none")
        return amount_minor


class CreditForm(Form):
    """Store credit for a customer, given by hand."""

    amount_minor: PositiveMinor
    reason: Text
    grant_id: Annotated[Id | None, Field(description="Chosen by you, so that the request can be repeated.")] = None


class ValueMoved(BaseModel):
    """`balance_minor` is the one after this, also where it was made before."""

    id: UUID
    amount_minor: int
    balance_minor: int


@router.get("/v1/gift-cards", responses=refusals())
async def list_gift_cards(
    caller: Reader, shop: OpenShop, limit: Limit = 20, starting_after: After = None
) -> Page[StoredValue]:
    """Gift cards, by the last four of their codes."""
    rows = await reads.list_gift_cards(shop.db, caller.vendor_id, limit=limit + 1, after=starting_after)
    return page(rows, limit)


@router.post(
    "/v1/gift-cards",
    status_code=201,
    responses=refusals(
        *("already_exists", "amount_out_of_range", "reason_missing", "gift_card_invalid", *PERMITS), body=True
    ),
)
async def issue_gift_card(caller: Writer, form: GiftCardForm, shop: OpenShop) -> IssuedGiftCard:
    """A new gift card. Safe to repeat with your own `code` and `gift_card_id`."""
    code, card_id = form.code or make_code(), form.gift_card_id or new_id()
    await calls.issue_gift_card(
        shop.db,
        caller.vendor_id,
        card_id,
        code_hash=hash_code(shop.keyring, caller.vendor_id, code),
        code_last4=read_code(code)[-4:],
        amount_minor=form.amount_minor,
        expires_at=form.expires_at,
        reason=form.reason,
        asker=asker(caller),
    )
    return IssuedGiftCard(code=code, gift_card=await _card(shop, caller.vendor_id, card_id))


@router.post(
    "/v1/gift-card-lookups",
    responses=refusals("gift_card_not_found", "gift_card_locked", "gift_card_invalid", body=True),
)
async def find_gift_card(caller: Reader, form: CodeForm, shop: OpenShop) -> StoredValue:
    """The card with this code, and what is on it. Codes travel in bodies, never in addresses, which are logged.

    A key that names codes that are not there is locked out for a while (`gift_card_locked`).
    """
    card_id = await find_by_code(shop.db, shop.keyring, caller.vendor_id, form.code, asker=f"key:{caller.key_id}")
    return await _card(shop, caller.vendor_id, card_id)


@router.get("/v1/gift-cards/{id}", responses=refusals("gift_card_not_found"))
async def get_gift_card(caller: Reader, card_id: PathId, shop: OpenShop) -> StoredValue:
    """One gift card."""
    return await _card(shop, caller.vendor_id, card_id)


@router.put("/v1/gift-cards/{id}", responses=refusals("gift_card_not_found", "reason_missing", *PERMITS, body=True))
async def change_gift_card(caller: Writer, card_id: PathId, form: GiftCardChangeForm, shop: OpenShop) -> StoredValue:
    """Disable a card, or let it be good again, until when you say. What sales hold on it is paid. Safe to repeat."""
    await calls.change_gift_card(
        shop.db,
        caller.vendor_id,
        card_id,
        is_disabled=form.is_disabled,
        expires_at=form.expires_at,
        reason=form.reason,
        asker=asker(caller),
    )
    return await _card(shop, caller.vendor_id, card_id)


@router.get("/v1/gift-cards/{id}/transactions", responses=refusals("gift_card_not_found"))
async def list_gift_card_transactions(
    caller: Reader, card_id: PathId, shop: OpenShop, limit: Limit = 20, starting_after: After = None
) -> Page[StoredValueEntry]:
    """What moved on a card, the newest first."""
    await _card(shop, caller.vendor_id, card_id)
    rows = await reads.list_stored_value_entries(
        shop.db, caller.vendor_id, card_id, limit=limit + 1, before=starting_after
    )
    return page(rows, limit)


ADJUSTMENT_REFUSALS = ("already_exists", "insufficient_balance", "amount_out_of_range", "reason_missing", *PERMITS)


@router.post(
    "/v1/gift-cards/{id}/adjustments",
    status_code=201,
    responses=refusals("gift_card_not_found", *ADJUSTMENT_REFUSALS, body=True),
)
async def adjust_gift_card(caller: Writer, card_id: PathId, form: ValueAdjustmentForm, shop: OpenShop) -> ValueMoved:
    """Change what is on a card by hand. Safe to repeat with your own `adjustment_id`."""
    await _card(shop, caller.vendor_id, card_id)
    return await _adjust(shop, caller, card_id, form)


@router.get("/v1/customers/{id}/store-credit", responses=refusals("customer_not_found", "gift_card_not_found"))
async def get_store_credit(caller: Reader, customer_id: PathId, shop: OpenShop) -> StoredValue:
    """A customer's store credit. `gift_card_not_found` for a customer who never had any."""
    return await _credit(shop, caller.vendor_id, customer_id)


@router.post(
    "/v1/customers/{id}/store-credit",
    status_code=201,
    responses=refusals(
        *("customer_not_found", "customer_inactive", "already_exists", "amount_out_of_range", "reason_missing"),
        *PERMITS,
        body=True,
    ),
)
async def grant_store_credit(caller: Writer, customer_id: PathId, form: CreditForm, shop: OpenShop) -> ValueMoved:
    """Give a customer store credit. Safe to repeat with your own `grant_id`."""
    grant_id = form.grant_id or new_id()
    balance_minor = await calls.grant_store_credit(
        shop.db,
        caller.vendor_id,
        grant_id,
        customer_id,
        amount_minor=form.amount_minor,
        reason=form.reason,
        asker=asker(caller),
    )
    return ValueMoved(id=grant_id, amount_minor=form.amount_minor, balance_minor=balance_minor)


@router.get(
    "/v1/customers/{id}/store-credit/transactions", responses=refusals("customer_not_found", "gift_card_not_found")
)
async def list_store_credit_transactions(
    caller: Reader, customer_id: PathId, shop: OpenShop, limit: Limit = 20, starting_after: After = None
) -> Page[StoredValueEntry]:
    """What moved in a customer's store credit, the newest first."""
    credit = await _credit(shop, caller.vendor_id, customer_id)
    rows = await reads.list_stored_value_entries(
        shop.db, caller.vendor_id, credit.id, limit=limit + 1, before=starting_after
    )
    return page(rows, limit)


@router.post(
    "/v1/customers/{id}/store-credit/adjustments",
    status_code=201,
    responses=refusals("customer_not_found", "gift_card_not_found", *ADJUSTMENT_REFUSALS, body=True),
)
async def adjust_store_credit(
    caller: Writer, customer_id: PathId, form: ValueAdjustmentForm, shop: OpenShop
) -> ValueMoved:
    """Change a customer's store credit by hand. Safe to repeat with your own `adjustment_id`."""
    return await _adjust(shop, caller, (await _credit(shop, caller.vendor_id, customer_id)).id, form)


async def _adjust(shop: Shop, caller: Caller, account_id: UUID, form: ValueAdjustmentForm) -> ValueMoved:
    adjustment_id = form.adjustment_id or new_id()
    balance_minor = await calls.adjust_stored_value(
        shop.db,
        caller.vendor_id,
        adjustment_id,
        account_id,
        amount_minor=form.amount_minor,
        reason=form.reason,
        asker=asker(caller),
    )
    return ValueMoved(id=adjustment_id, amount_minor=form.amount_minor, balance_minor=balance_minor)


async def _card(shop: Shop, vendor_id: UUID, card_id: UUID) -> StoredValue:
    found = await reads.find_gift_card(shop.db, vendor_id, card_id)
    if found is None:
        raise GiftCardNotFound(f"gift card {card_id} does not exist")
    return found


async def _credit(shop: Shop, vendor_id: UUID, customer_id: UUID) -> StoredValue:
    if await find_customer(shop.db, vendor_id, customer_id) is None:
        raise CustomerNotFound(f"customer {customer_id} does not exist")
    found = await reads.find_store_credit(shop.db, vendor_id, customer_id)
    if found is None:
        raise GiftCardNotFound(f"customer {customer_id} never had store credit")
    return found
