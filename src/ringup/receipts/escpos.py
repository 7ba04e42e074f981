"""A receipt as the bytes that a counter printer takes (ESC/POS)."""

import contextlib
import io
from collections.abc import Iterable

from escpos.printer import Dummy

from ringup.receipts.receipt import Receipt
from ringup.receipts.text import WIDTH, body, foot, head

BARCODE_HEIGHT = 80
CODE_SET_B = "{B"
"""Code 128 begins by saying which of its alphabets follows."""


def as_escpos(receipt: Receipt) -> bytes:
    """Header in bold, the sale, the number as a barcode, and a cut. Letters are put into the printer's code pages."""
    printer = Dummy()
    printer.hw("INIT")
    printer.set(bold=True)
    _print(printer, head(receipt))
    printer.set(bold=False)
    for line in body(receipt):
        is_total = line.startswith(receipt.total.label)
        printer.set(bold=is_total)
        _print(printer, [line])
    printer.set(bold=False)
    _print(printer, foot(receipt))
    printer.set(align="center")
    # The library says on stdout how it draws bars, and stdout is for results.
    with contextlib.redirect_stdout(io.StringIO()):
        printer.barcode(
            CODE_SET_B + receipt.order_number, "CODE128", height=BARCODE_HEIGHT, width=2, pos="BELOW", function_type="B"
        )
    printer.set(align="left")
    printer.cut()
    printed: bytes = printer.output
    return printed


def _print(printer: Dummy, lines: Iterable[str]) -> None:
    for line in lines:
        printer.text(f"{line[:WIDTH].rstrip()}\n")
