-- refund_document(vendor, refund) → the refund as clients see it
--
-- Why      One shape for the first answer and every later look, with what is to be done next in words for a cashier.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing; null for a refund that does not exist.
create or replace function ringup.refund_document(p_vendor_id uuid, p_refund_id uuid)
returns jsonb
language plpgsql
as $$
begin
    return (
    select jsonb_build_object(
        'id', r.id, 'object', 'refund', 'order_id', r.order_id, 'order_number', o.order_number, 'status', r.status,
        'order_status', o.status, 'location_id', r.location_id, 'register_id', r.register_id,
        'register_session_id', r.register_session_id, 'currency', r.currency, 'amount_minor', r.amount_minor,
        'tip_minor', r.tip_minor, 'cash_rounding_minor', r.cash_rounding_minor, 'reason', r.reason, 'actor', r.actor, 'approved_by', r.approved_by, 'without_receipt', r.without_receipt,
        'lines', (
            select coalesce(jsonb_agg(jsonb_build_object(
                       'line_number', l.line_number, 'sku', i.sku, 'name', i.name, 'quantity', l.quantity,
                       'amount_minor', l.amount_minor, 'restock', l.restock) order by l.line_number), '[]')
              from ringup.refund_lines l
              join ringup.order_items i
                on i.vendor_id = l.vendor_id and i.order_id = l.order_id and i.line_number = l.line_number
             where l.vendor_id = p_vendor_id and l.refund_id = p_refund_id),
        'taxes', ringup.refund_taxes(p_vendor_id, p_refund_id),
        'tenders', (
            select coalesce(jsonb_agg(jsonb_build_object(
                       'payment_id', p.id, 'refunds_payment_id', p.refunds_payment_id, 'type', p.tender_type,
                       'processor_id', p.payment_processor_id, 'way', p.refund_way, 'status', p.status,
                       'amount_minor', p.amount_minor, 'approved_minor', p.approved_minor,
                       'rounding_minor', p.rounding_minor,
                       'card_brand', p.card_brand, 'card_last4', p.card_last4, 'auth_code', p.auth_code,
                       'reference_id', p.reference_id, 'external_reference', p.external_reference,
                       'error_code', p.error_code, 'error_message', p.error_message)
                       order by p.tender_number, p.created_at, p.id), '[]')
              from ringup.payment_transactions p
             where p.vendor_id = p_vendor_id and p.order_id = r.order_id and p.refund_id = p_refund_id),
        'points', jsonb_build_object('reversed', r.points_reversed, 'given_back', r.points_given_back),
        'exchange_order_id', ringup.find_exchange(p_vendor_id, p_refund_id), 'next_step', n.step,
        'message', case n.step
            when 'look_up' then 'The terminal did not say whether it paid back. Do not pay again: it is being found out.'
            when 'undo' then 'The charge is being voided. Do not pay again: the terminal is asked until it confirms.'
            when 'refund' then 'The terminal is to be asked. Send the same request again to go on.'
            when 'other_tender' then 'The card was not paid back. Give the money back in another way, or try again.'
            when 'finish' then 'The money is back. Send the same request again to finish the refund.' end,
        'created_at', r.created_at, 'updated_at', r.updated_at, 'completed_at', r.completed_at)
      from ringup.refunds r
      join ringup.orders o on o.vendor_id = r.vendor_id and o.id = r.order_id
     cross join ringup.next_refund_step(p_vendor_id, p_refund_id) as n
     where r.vendor_id = p_vendor_id and r.id = p_refund_id
    );
end
$$;
