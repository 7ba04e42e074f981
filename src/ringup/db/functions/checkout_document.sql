-- checkout_document(vendor, order) → the checkout as clients see it
--
-- Why      One shape for the first answer, its replay and every later look, made where the truth is.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing; null for an order that does not exist.
create or replace function ringup.checkout_document(p_vendor_id uuid, p_order_id uuid)
returns jsonb
language plpgsql
as $$
begin
    return (
    select jsonb_build_object(
        'id', o.id, 'object', 'checkout', 'order_number', o.order_number,
        'status', o.status, 'payment_status', o.payment_status,
        'location_id', o.location_id, 'register_id', o.register_id,
        'register_session_id', o.register_session_id, 'customer_id', o.customer_id,
        'currency', o.currency, 'subtotal_minor', o.subtotal_minor, 'discount_minor', o.discount_minor,
        'tax_minor', o.tax_minor, 'tax_included_minor', o.tax_included_minor, 'tip_minor', o.tip_minor,
        'cash_rounding_minor', o.cash_rounding_minor, 'total_minor', o.total_minor,
        'change_due_minor', coalesce((
            select sum(p.change_minor) from ringup.payment_transactions p
             where p.vendor_id = p_vendor_id and p.order_id = p_order_id), 0),
        'lines', (
            select coalesce(jsonb_agg(jsonb_build_object(
                       'line_number', i.line_number, 'product_id', i.product_id, 'sku', i.sku, 'name', i.name,
                       'quantity', i.quantity, 'unit_price_minor', i.unit_price_minor,
                       'discount_minor', i.discount_minor, 'tax_minor', i.tax_minor,
                       'tax_included_minor', i.tax_included_minor, 'points_value_minor', i.points_value_minor,
                       'gift_card_id', i.gift_card_id, 'total_minor', i.total_minor) order by i.line_number), '[]')
              from ringup.order_items i
             where i.vendor_id = p_vendor_id and i.order_id = p_order_id),
        'discounts', case when o.discount_minor > o.points_value_minor or o.coupon_count > 0
                          then ringup.discount_documents(p_vendor_id, p_order_id) else '[]' end,
        'taxes', case when o.tax_rate_count > 0 then ringup.tax_documents(p_vendor_id, p_order_id) else '[]' end,
        'tax_exemption', case when o.tax_exemption_reason is not null then jsonb_build_object(
            'reason', o.tax_exemption_reason, 'certificate_number', o.tax_certificate_number) end,
        'tenders', ringup.tender_documents(p_vendor_id, p_order_id),
        'loyalty', case when o.customer_id is not null then jsonb_build_object(
            'points_redeemed', o.points_redeemed, 'points_value_minor', o.points_value_minor,
            'points_to_earn', o.points_to_earn, 'points_earned', o.points_earned, 'balance', c.loyalty_points, 'held', c.loyalty_points_held) end,
        'failure', case when o.failure_code is not null then jsonb_build_object(
            'code', o.failure_code, 'detail', o.failure_detail) end,
        'due_minor', o.due_minor, 'pay_until', case when o.due_minor > 0 then o.hold_until end,
        'cancel_requested', o.cancel_event is not null,
        'waits_for', case when o.status = 'payment_processing' or o.payment_status in ('unknown', 'voiding')
                          then ringup.waiting_document(p_vendor_id, p_order_id) end,
        'exchange', case when o.exchange_refund_id is not null then jsonb_build_object(
            'refund_id', o.exchange_refund_id, 'returned_order_id', (
                select r.order_id from ringup.refunds r
                 where r.vendor_id = p_vendor_id and r.id = o.exchange_refund_id)) end,
        'receipt_url', '/v1/orders/' || o.id || '/receipt', 'metadata', o.metadata,
        'created_at', o.created_at, 'updated_at', o.updated_at, 'completed_at', o.completed_at)
      from ringup.orders o
      left join ringup.customers c on c.vendor_id = o.vendor_id and c.id = o.customer_id
     where o.vendor_id = p_vendor_id and o.id = p_order_id
    );
end
$$;
