"""A receipt as a page of HTML: whole in itself, nothing fetched, fit to be printed or mailed."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ringup.receipts.barcode import as_svg
from ringup.receipts.receipt import Receipt

_templates = Environment(
    loader=PackageLoader("ringup.receipts", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def as_html(receipt: Receipt) -> str:
    """Every word of the shop and of the sale is escaped."""
    # The drawing is ours: bars, made from the number, and no text in it.
    barcode = Markup(as_svg(receipt.order_number))
    return _templates.get_template("receipt.html").render(receipt=receipt, barcode=barcode)
