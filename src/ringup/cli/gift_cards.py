"""`ringup gift-cards` and `ringup store-credit`: what customers have with us."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, print_json, print_table, results
from ringup.cli.vendors import Vendor, one_vendor
from ringup.db.calls import gift_cards as calls
from ringup.db.calls.asker import Asker
from ringup.db.reads.gift_cards import StoredValue, find_gift_card, find_store_credit, list_gift_cards
from ringup.domain.errors import GiftCardNotFound
from ringup.domain.gift_cards import make_code, read_code
from ringup.domain.ids import new_id
from ringup.gift_cards.codes import find_by_code, hash_code
from ringup.settings import load_settings
from ringup.wiring import Shop

SHOWN = 1000

gift_cards = typer.Typer(help="Gift cards: issue, find, adjust, disable.", no_args_is_help=True)
store_credit = typer.Typer(help="Store credit of customers.", no_args_is_help=True)

By = Annotated[str, typer.Option("--by", help="Who does it. Recorded for good.")]
Reason = Annotated[str, typer.Option("--reason", help="Why. Recorded for good.")]
Card = Annotated[UUID, typer.Argument(help="The card's id, as `ringup gift-cards list` shows it.")]
Amount = Annotated[int, typer.Option("--amount", help="In minor units; to take something away, with a minus.")]
Customer = Annotated[UUID, typer.Argument(help="The customer's id.")]


@gift_cards.command("list")
def show_cards(vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Show the cards, by the last four of their codes.

    Example: ringup gift-cards list
    """

    async def act(shop: Shop) -> list[StoredValue]:
        return await list_gift_cards(shop.db, await one_vendor(shop, vendor), limit=SHOWN)

    found = with_shop(load_settings(), act)
    if as_json:
        print_json({"gift_cards": [asdict(row) for row in found]})
        return
    _print(found, empty="No gift card yet: ringup gift-cards issue --help")


@gift_cards.command("issue")
def issue_card(
    *,
    by: By,
    amount: Annotated[int, typer.Option("--amount", help="In minor units. 0: an empty card, for a sale to sell.")] = 0,
    reason: Annotated[str | None, typer.Option("--reason", help="Why, where there is something on it.")] = None,
    code: Annotated[str | None, typer.Option("--code", help="Your own code. Default: one is made.")] = None,
    expires: Annotated[datetime | None, typer.Option("--expires", help="From then on it is refused. UTC.")] = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Make a card, and show its code: once, and never again.

    Example: ringup gift-cards issue --amount 2500 --reason "first prize" --by "Ada"
    """
    shown, card_id = code or make_code(), new_id()

    async def act(shop: Shop) -> None:
        vendor_id = await one_vendor(shop, vendor)
        await calls.issue_gift_card(
            shop.db,
            vendor_id,
            card_id,
            code_hash=hash_code(shop.keyring, vendor_id, shown),
            code_last4=read_code(shown)[-4:],
            amount_minor=amount,
            expires_at=expires,
            reason=reason,
            asker=Asker(by),
        )

    with_shop(load_settings(), act)
    if as_json:
        print_json({"id": card_id, "code": shown})
    else:
        results().print(f"Gift card {card_id}\nIts code, shown only now: {shown}")


@gift_cards.command("find")
def find_card(
    code: Annotated[str, typer.Option("--code", prompt=True, hide_input=True, help="The code. Asked for if left out.")],
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Find a card by its code, and show what is on it.

    Example: ringup gift-cards find
    """

    async def act(shop: Shop) -> StoredValue:
        vendor_id = await one_vendor(shop, vendor)
        card_id = await find_by_code(shop.db, shop.keyring, vendor_id, code, asker="cli")
        return await _card(shop, vendor_id, card_id)

    _show(with_shop(load_settings(), act), as_json=as_json)


@gift_cards.command("adjust")
def adjust_card(
    card: Card, *, amount: Amount, reason: Reason, by: By, vendor: Vendor = None, as_json: AsJson = False
) -> None:
    """Change what is on a card by hand.

    Example: ringup gift-cards adjust 0193… --amount -500 --reason "loaded twice" --by "Ada"
    """

    async def act(shop: Shop) -> StoredValue:
        vendor_id = await one_vendor(shop, vendor)
        await _card(shop, vendor_id, card)
        await calls.adjust_stored_value(
            shop.db, vendor_id, new_id(), card, amount_minor=amount, reason=reason, asker=Asker(by)
        )
        return await _card(shop, vendor_id, card)

    _show(with_shop(load_settings(), act), as_json=as_json)


@gift_cards.command("disable")
def disable_card(card: Card, *, reason: Reason, by: By, vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Refuse a card from now on. What sales under way hold on it is paid. Safe to repeat.

    Example: ringup gift-cards disable 0193… --reason "lost" --by "Ada"
    """
    _change(card, is_disabled=True, reason=reason, by=by, vendor=vendor, as_json=as_json)


@gift_cards.command("enable")
def enable_card(card: Card, *, reason: Reason, by: By, vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Let a disabled card be good again. Safe to repeat.

    Example: ringup gift-cards enable 0193… --reason "found" --by "Ada"
    """
    _change(card, is_disabled=False, reason=reason, by=by, vendor=vendor, as_json=as_json)


@store_credit.command("show")
def show_credit(customer: Customer, vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Show what a customer has.

    Example: ringup store-credit show 0193…
    """

    async def act(shop: Shop) -> StoredValue:
        return await _credit(shop, await one_vendor(shop, vendor), customer)

    _show(with_shop(load_settings(), act), as_json=as_json)


@store_credit.command("grant")
def grant_credit(
    customer: Customer,
    *,
    amount: Annotated[int, typer.Option("--amount", help="In minor units.")],
    reason: Reason,
    by: By,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Give a customer store credit.

    Example: ringup store-credit grant 0193… --amount 1500 --reason "broken on arrival" --by "Ada"
    """

    async def act(shop: Shop) -> StoredValue:
        vendor_id = await one_vendor(shop, vendor)
        await calls.grant_store_credit(
            shop.db, vendor_id, new_id(), customer, amount_minor=amount, reason=reason, asker=Asker(by)
        )
        return await _credit(shop, vendor_id, customer)

    _show(with_shop(load_settings(), act), as_json=as_json)


def _change(card: UUID, *, is_disabled: bool, reason: str, by: str, vendor: UUID | None, as_json: bool) -> None:
    async def act(shop: Shop) -> StoredValue:
        vendor_id = await one_vendor(shop, vendor)
        expires_at = (await _card(shop, vendor_id, card)).expires_at
        await calls.change_gift_card(
            shop.db, vendor_id, card, is_disabled=is_disabled, expires_at=expires_at, reason=reason, asker=Asker(by)
        )
        return await _card(shop, vendor_id, card)

    _show(with_shop(load_settings(), act), as_json=as_json)


async def _card(shop: Shop, vendor_id: UUID, card_id: UUID) -> StoredValue:
    found = await find_gift_card(shop.db, vendor_id, card_id)
    if found is None:
        raise GiftCardNotFound(f"gift card {card_id} does not exist")
    return found


async def _credit(shop: Shop, vendor_id: UUID, customer_id: UUID) -> StoredValue:
    found = await find_store_credit(shop.db, vendor_id, customer_id)
    if found is None:
        raise GiftCardNotFound(f"customer {customer_id} never had store credit")
    return found


def _show(account: StoredValue, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(account))
    else:
        _print([account], empty="")


def _print(accounts: list[StoredValue], *, empty: str) -> None:
    print_table(
        ["id", "ends in", "currency", "balance", "held", "available", "expires", "status"],
        [
            (
                *(row.id, row.code_last4, row.currency, row.balance_minor, row.held_minor, row.available_minor),
                *(row.expires_at, row.status),
            )
            for row in accounts
        ],
        empty=empty,
    )
