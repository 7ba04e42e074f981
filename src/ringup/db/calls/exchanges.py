"""The steps of an exchange that are not those of its sale or of its refund."""

from ringup.db.calls.terms import TERMS

RETURNED = """row(
            %(returned_order_id)s::uuid, %(returned_numbers)s::integer[], %(returned_quantities)s::bigint[],
            %(returned_restocks)s::boolean[], %(returned_tip)s::bigint, %(returned_tender)s::text,
            %(returned_reference)s::text, %(without_receipt)s::boolean, %(reason)s::text,
            %(refund_staff_id)s::uuid, %(refund_approval_id)s::uuid, %(actor)s::text)::ringup.returned_goods"""
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
