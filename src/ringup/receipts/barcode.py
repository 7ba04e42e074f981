"""The order's number as bars (Code 128), so that a refund begins with a scan."""

import re

from barcode import Code128
from barcode.writer import SVGWriter

BARS = {"module_height": 10.0, "module_width": 0.25, "quiet_zone": 2.0, "write_text": False}


def as_svg(order_number: str) -> str:
    """An `<svg>` element to stand within a page."""
    drawn: bytes = Code128(order_number, writer=SVGWriter()).render(BARS)
    return re.sub(r"^.*?(?=<svg)", "", drawn.decode(), count=1, flags=re.DOTALL)
