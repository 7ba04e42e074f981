"""A receipt as plain text, as wide as the paper of a counter printer."""

from collections.abc import Iterator

from ringup.receipts.receipt import Entry, Receipt

WIDTH = 42
RULE = "-" * WIDTH


def as_text(receipt: Receipt) -> str:
    """42 characters a line, no trailing spaces, a newline at the end."""
    lines = [*head(receipt), *body(receipt), *foot(receipt)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def head(receipt: Receipt) -> Iterator[str]:
    """What stands in the middle, above the sale."""
    for line in (receipt.vendor_name, *receipt.place):
        yield line[:WIDTH].center(WIDTH)
    if receipt.copy_mark:
        yield f"*** {receipt.copy_mark} ***".center(WIDTH)


def body(receipt: Receipt) -> Iterator[str]:
    yield ""
    yield _row(Entry(f"Order {receipt.order_number}", receipt.sold_at))
    yield receipt.register_name[:WIDTH]
    yield RULE
    for item in receipt.items:
        yield _row(item.entry)
        yield from (_row(Entry(f"  {remark.label}", remark.amount)) for remark in item.remarks)
    yield RULE
    yield from map(_row, receipt.sums)
    yield _row(receipt.total)
    yield from map(_row, receipt.taxes)
    yield from (_row(payment if payment.amount else Entry(f"  {payment.label}")) for payment in receipt.payments)
    if receipt.points:
        yield RULE
        yield from (line[:WIDTH] for line in receipt.points)


def foot(receipt: Receipt) -> Iterator[str]:
    if receipt.footer:
        yield ""
    for line in receipt.footer:
        yield line[:WIDTH].center(WIDTH)


def _row(entry: Entry) -> str:
    """The amount is never cut; the label is."""
    room = WIDTH - len(entry.amount)
    return f"{entry.label[: room - 1]:<{room}}{entry.amount}"
