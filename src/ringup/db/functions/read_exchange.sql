-- read_exchange(vendor, new order) → the exchange as clients see it
--
-- Why      Both halves in one document. What the customer pays is positive, what they get back negative.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU001 checkout_not_found, also for a sale that is no exchange
create or replace function ringup.read_exchange(p_vendor_id uuid, p_order_id uuid)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_document jsonb;
begin
    perform ringup.enter_vendor(p_vendor_id);
    select jsonb_build_object(
               'id', o.id, 'object', 'exchange', 'status', r.status, 'returned_order_id', r.order_id,
               'currency', o.currency, 'difference_minor', o.total_minor - r.amount_minor,
               'credit_minor', ringup.exchange_credit(p_vendor_id, r.id),
               'refund', ringup.refund_document(p_vendor_id, r.id),
               'checkout', ringup.checkout_document(p_vendor_id, o.id))
      into v_document
      from ringup.orders o
      join ringup.refunds r on r.vendor_id = o.vendor_id and r.id = o.exchange_refund_id
     where o.vendor_id = p_vendor_id and o.id = p_order_id;
    if v_document is null then
        raise exception using errcode = 'RU001', message = format('exchange %s does not exist', p_order_id);
    end if;
    return v_document;
end
$$;
