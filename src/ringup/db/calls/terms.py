"""What a cart says about its price besides its lines, as the SQL functions take it."""

from collections.abc import Sequence
from uuid import UUID

from ringup.domain.cart import Line, OrderDiscount, TaxExemption

TERMS = """row(
            %(percents)s::numeric[], %(line_reasons)s::text[], %(discount_amounts)s::bigint[],
            %(discount_percents)s::numeric[], %(discount_reasons)s::text[], %(coupons)s::text[],
            %(exemption_reason)s::text, %(exemption_certificate)s::text, %(staff_id)s::uuid,
            %(approval_ids)s::uuid[])::ringup.price_terms"""
"""In a statement, with `terms_parameters`."""


def terms_parameters(
    lines: Sequence[Line],
    *,
    discounts: Sequence[OrderDiscount] = (),
    coupons: Sequence[str] = (),
    tax_exemption: TaxExemption | None = None,
    staff_id: UUID | None = None,
    approval_ids: Sequence[UUID] = (),
) -> dict[str, object]:
    """What is not there is null: most carts have none of it, and cost nothing more."""
    return {
        "percents": _of_lines([line.discount_percent for line in lines]),
        "line_reasons": _of_lines([line.reason for line in lines]),
        "discount_amounts": [discount.amount_minor for discount in discounts] or None,
        "discount_percents": [discount.percent for discount in discounts] or None,
        "discount_reasons": [discount.reason for discount in discounts] or None,
        "coupons": list(coupons) or None,
        "exemption_reason": tax_exemption and tax_exemption.reason,
        "exemption_certificate": tax_exemption and tax_exemption.certificate_number,
        "staff_id": staff_id,
        "approval_ids": list(approval_ids) or None,
    }


def line_parameters(lines: Sequence[Line]) -> dict[str, object]:
    return {
        "codes": [line.code for line in lines],
        "product_ids": [line.product_id for line in lines],
        "quantities": [line.quantity for line in lines],
        "discounts": [line.discount_minor for line in lines],
        "prices": [line.unit_price_minor for line in lines],
    }


def _of_lines(values: Sequence[object]) -> list[object] | None:
    return list(values) if any(value is not None for value in values) else None
