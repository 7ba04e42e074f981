-- undo_charges(vendor, order) → how many charges must go back
--
-- Why      The order has ended without a sale, so every approved charge is voided: marked here, asked for
--          by whoever finds the row due, until the processor confirms. What was never asked for is dropped.
-- Writes   payment_transactions.
-- Locks    The caller holds the order.
-- Repeats  Safe: what is voiding already is left alone.
-- Raises   RU101 transition_not_allowed
create or replace function ringup.undo_charges(p_vendor_id uuid, p_order_id uuid)
returns integer
language plpgsql
as $$
declare
    v_count integer;
begin
    update ringup.payment_transactions p
       set status = ringup.next_state('payment', p.status, 'dropped'), updated_at = ringup.now(),
           next_check_at = null, error_message = coalesce(p.error_message, 'the checkout ended before this was asked for')
     where p.vendor_id = p_vendor_id and p.order_id = p_order_id and p.status = 'created';
    update ringup.payment_transactions p
       set status = ringup.next_state('payment', p.status, 'void_begun'),
           updated_at = ringup.now(), next_check_at = ringup.now(), check_count = 0
     where p.vendor_id = p_vendor_id and p.order_id = p_order_id and p.kind = 'charge' and p.status = 'approved';
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
