"""`ringup refund`: goods, money and points of a sale go back. Amounts are typed as spoken: 12.50."""

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any
from uuid import UUID

import typer

from ringup.checkout.exchange import begin_exchange
from ringup.checkout.give_back import drive_refund, give_back
from ringup.checkout.ring_up import finish
from ringup.cli.database import with_shop
from ringup.cli.output import AsJson, CannotRun, print_json, print_table, results
from ringup.cli.till import find_profile, find_register, minor_of, spoken
from ringup.cli.vendors import Vendor, one_vendor
from ringup.db.calls import refunds as calls
from ringup.db.calls.exchanges import read_exchange
from ringup.db.reads.places import VendorProfile
from ringup.db.reads.refunds import RefundSummary, list_refunds
from ringup.domain.cart import Cart, Line, SaleRequest, Tender
from ringup.domain.errors import TendersDoNotAddUp
from ringup.domain.exchange import ExchangeRequest
from ringup.domain.ids import new_id
from ringup.domain.refund import RefundLine, RefundRequest
from ringup.receipts.refund import refund_receipt_of
from ringup.receipts.text import as_text
from ringup.settings import load_settings
from ringup.wiring import Shop

commands = typer.Typer(help="Give goods, money and points of a sale back.", no_args_is_help=True)

Order = Annotated[UUID, typer.Argument(metavar="ORDER", help="The sale's id.")]
RefundId = Annotated[UUID, typer.Argument(metavar="REFUND", help="The refund's id.")]
Till = Annotated[str, typer.Option("--register", help="Where it is given back: the register's id or name.")]
Lines = Annotated[
    list[str] | None,
    typer.Option("--line", help="2x1 is one of line 2; 2x1:keep is not put back on the shelf. Without any, all."),
]
Tip = Annotated[str | None, typer.Option("--tip", help="How much of the tip. With everything, it goes back too.")]
Way = Annotated[str | None, typer.Option("--as", help="Another way: cash, external, store_credit.")]
Reference = Annotated[str | None, typer.Option("--reference", help="Of what is paid back elsewhere.")]
By = Annotated[str, typer.Option("--by", help="Who does it, as the log will name them.")]


@dataclass(frozen=True, slots=True)
class _Said:
    """What was typed of a refund, whatever the register is called."""

    lines: list[str] | None
    tip: str | None
    way: str | None
    reference: str | None
    reason: str = "preview"
    by: str = "nobody"


@commands.command("list")
def show(
    order: Annotated[UUID | None, typer.Option("--order", help="Of one sale only.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Show refunds, newest first. Those that are open wait for somebody.

    Example: ringup refund list --limit 5
    """

    async def act(shop: Shop) -> tuple[VendorProfile, list[RefundSummary]]:
        vendor_id = await one_vendor(shop, vendor)
        found = await list_refunds(shop.db, vendor_id, limit=limit, order_id=order)
        return await find_profile(shop, vendor_id), found

    profile, found = with_shop(load_settings(), act)
    if as_json:
        print_json({"refunds": [asdict(row) for row in found]})
        return
    print_table(
        ["order", "status", "amount", "reason", "by", "begun", "completed", "id"],
        [
            (
                *(row.order_number, row.status, spoken(row.amount_minor, profile), row.reason, row.actor),
                *(row.created_at, row.completed_at or "not yet", row.id),
            )
            for row in found
        ],
        empty="Nothing was given back yet.",
    )


@commands.command("preview")
def preview(
    order: Order,
    lines: Lines = None,
    *,
    register: Till,
    tip: Tip = None,
    way: Way = None,
    reference: Reference = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Say what would go back, and in what ways. Changes nothing.

    Example: ringup refund preview 0197… --line 1x2 --register "Till 1"
    """

    async def act(shop: Shop) -> tuple[VendorProfile, dict[str, Any]]:
        vendor_id = await one_vendor(shop, vendor)
        profile = await find_profile(shop, vendor_id)
        till = await find_register(shop, vendor_id, register)
        asked = _asked(vendor_id, order, till.id, profile, _Said(lines, tip, way, reference))
        return profile, await calls.preview_refund(shop.db, asked)

    profile, found = with_shop(load_settings(), act)
    if as_json:
        print_json(found)
        return
    print_table(
        ["line", "what", "how many", "amount", "back on the shelf"],
        [
            (
                *(line["line_number"], line["name"], line["quantity"], spoken(line["amount_minor"], profile)),
                "yes" if line["restock"] else "no",
            )
            for line in found["lines"]
        ],
        empty="No goods.",
    )
    results().print(f"{spoken(found['amount_minor'], profile)} {profile.currency} would go back:")
    for tender in found["tenders"]:
        results().print(f"  {tender['type']} {spoken(tender['amount_minor'], profile)}")
    points = found["points"]
    if points["reversed"] or points["given_back"]:
        results().print(f"Points: {points['reversed']} taken back, {points['given_back']} given back.")


@commands.command("give")
def give(
    order: Order,
    lines: Lines = None,
    *,
    register: Till,
    reason: Annotated[str, typer.Option("--reason", help="Why. Kept for good.")],
    by: By,
    tip: Tip = None,
    way: Way = None,
    reference: Reference = None,
    key: Annotated[
        str | None, typer.Option(help="To be sure: the same key gives the same back once, however often it is sent.")
    ] = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Give a sale back, or a part of it. A card's terminal is asked; cash, goods and points follow.

    Example: ringup refund give 0197… --line 1x2 --register "Till 1" --reason broken --by Ada
    """

    said = _Said(lines, tip, way, reference, reason, by)

    async def act(shop: Shop) -> dict[str, Any]:
        vendor_id = await one_vendor(shop, vendor)
        profile = await find_profile(shop, vendor_id)
        till = await find_register(shop, vendor_id, register)
        asked = _asked(vendor_id, order, till.id, profile, said, key=key)
        made = await give_back(shop.counter, asked)
        return await _receipt(shop, vendor_id, made.refund_id)

    _tell(with_shop(load_settings(), act), as_json=as_json)


@commands.command("exchange")
def exchange(
    order: Order,
    goods: Annotated[list[str], typer.Option("--for", help="2xCOF-250 is two of that SKU or barcode.")],
    lines: Lines = None,
    *,
    register: Till,
    reason: Annotated[str, typer.Option("--reason", help="Why. Kept for good.")],
    by: By,
    card: Annotated[
        UUID | None, typer.Option("--card", help="The terminal that takes what is to be paid. Else it is cash.")
    ] = None,
    customer: Annotated[UUID | None, typer.Option("--customer", help="Who gets the points of what is sold.")] = None,
    way: Way = None,
    reference: Reference = None,
    key: Annotated[
        str | None, typer.Option(help="To be sure: the same key makes one exchange, however often it is sent.")
    ] = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Take goods of a sale back and sell others for them. Only the difference moves; both happen, or neither.

    Example: ringup refund exchange 0197… --line 1x1 --for 1xTEA-100 --register "Till 1" --reason size --by Ada
    """
    said = _Said(lines, None, way, reference, reason, by)
    sold = tuple(_goods(text) for text in goods)

    async def act(shop: Shop) -> tuple[VendorProfile, dict[str, Any]]:
        vendor_id = await one_vendor(shop, vendor)
        profile = await find_profile(shop, vendor_id)
        till = await find_register(shop, vendor_id, register)
        back = _asked(vendor_id, order, till.id, profile, said, key=key)
        tender = Tender("card", processor_id=card) if card else Tender("cash")
        cart = Cart(till.location_id, till.id, sold, (tender,), customer_id=customer)
        made = await _exchange(shop, back, cart)
        return profile, await read_exchange(shop.db, vendor_id, made)

    profile, document = with_shop(load_settings(), act)
    if as_json:
        print_json(document)
        return
    if document["status"] == "cancelled":
        detail = (document["checkout"]["failure"] or {}).get("detail")
        raise CannotRun(f"nothing was exchanged: {detail}", "Both halves are undone; it may be tried again.")
    difference = document["difference_minor"]
    moved = "is paid" if difference > 0 else "goes back"
    results().print(
        f"The exchange is {document['status']}; {spoken(abs(difference), profile)} {profile.currency} {moved}."
    )
    if document["refund"]["message"]:
        results().print(document["refund"]["message"], markup=False)


async def _exchange(shop: Shop, back: RefundRequest, cart: Cart) -> UUID:
    """Only the database knows whether anything is to be paid: what refuses the tender has changed nothing."""
    digest = hashlib.sha256(back.request_hash + repr(cart).encode()).digest()
    for tenders in (cart.tenders, ()):
        sale = SaleRequest(back.vendor_id, back.idempotency_key, digest, replace(cart, tenders=tenders))
        try:
            prepared = await begin_exchange(shop.counter, ExchangeRequest(sale, back))
        except TendersDoNotAddUp:
            if not tenders:
                raise
            continue
        await finish(shop.counter, back.vendor_id, prepared)
        return prepared.checkout_id
    raise AssertionError("the last try returns or raises")


@commands.command("go-on")
def go_on(
    refund: RefundId,
    way: Annotated[str, typer.Option("--as", help="card, cash, external or store_credit.")],
    *,
    by: By,
    reference: Reference = None,
    vendor: Vendor = None,
    as_json: AsJson = False,
) -> None:
    """Give what of an open refund is not back yet in another way, or try the card again.

    Example: ringup refund go-on 0197… --as cash --by Ada
    """

    async def act(shop: Shop) -> dict[str, Any]:
        vendor_id = await one_vendor(shop, vendor)
        step = await calls.tender_refund(
            shop.db,
            vendor_id,
            refund,
            tender_type=way,
            external_reference=reference,
            staff_id=None,
            approval_id=None,
            actor=_actor(by),
            lease_seconds=shop.counter.patience.step,
        )
        await drive_refund(shop.counter, vendor_id, refund, step)
        return await _receipt(shop, vendor_id, refund)

    _tell(with_shop(load_settings(), act), as_json=as_json)


@commands.command("cancel")
def cancel(refund: RefundId, by: By, vendor: Vendor = None) -> None:
    """Give a refund up of which no money is back.

    Example: ringup refund cancel 0197… --by Ada
    """

    async def act(shop: Shop) -> None:
        vendor_id = await one_vendor(shop, vendor)
        await calls.cancel_refund(shop.db, vendor_id, refund, actor=_actor(by))

    with_shop(load_settings(), act)
    results().print("Given up.")


@commands.command("receipt")
def receipt(refund: RefundId, vendor: Vendor = None, as_json: AsJson = False) -> None:
    """Print the receipt of a refund.

    Example: ringup refund receipt 0197…
    """

    async def act(shop: Shop) -> dict[str, Any]:
        return await _receipt(shop, await one_vendor(shop, vendor), refund)

    _tell(with_shop(load_settings(), act), as_json=as_json)


def _asked(
    vendor_id: UUID, order: UUID, register_id: UUID, profile: VendorProfile, said: _Said, *, key: str | None = None
) -> RefundRequest:
    digest = hashlib.sha256(repr((order, register_id, said)).encode()).digest()
    return RefundRequest(
        vendor_id=vendor_id,
        idempotency_key=key or f"refund-{new_id()}",
        request_hash=digest,
        order_id=order,
        register_id=register_id,
        reason=said.reason,
        actor=_actor(said.by),
        lines=tuple(_line(text) for text in said.lines) if said.lines else None,
        tip_minor=minor_of(said.tip, profile) if said.tip is not None else None,
        tender_type=said.way,
        external_reference=said.reference,
    )


def _line(text: str) -> RefundLine:
    named, _, keeps = text.partition(":")
    number, _, quantity = named.partition("x")
    if not (number.isdecimal() and quantity.isdecimal() and keeps in ("", "keep")):
        advice = "Such as 2x1: one of line 2. With :keep it stays off the shelf."
        raise CannotRun(f"{text} is not so many of a line", advice)
    return RefundLine(int(number), int(quantity), restock=not keeps)


def _goods(text: str) -> Line:
    quantity, _, code = text.partition("x")
    if not (quantity.isdecimal() and code):
        raise CannotRun(f"{text} is not so many of a product", "Such as 2xCOF-250.")
    return Line(quantity=int(quantity), code=code)


async def _receipt(shop: Shop, vendor_id: UUID, refund: UUID) -> dict[str, Any]:
    document = await calls.read_refund_receipt(shop.db, vendor_id, refund)
    if document is None:
        raise CannotRun(f"there is no refund {refund}", "`ringup refund list` shows them.")
    return document


def _tell(document: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(document)
        return
    results().print(as_text(refund_receipt_of(document)), markup=False)
    if document["message"]:
        results().print(document["message"], markup=False)


def _actor(by: str) -> str:
    return f"{by} (ringup refund)"
