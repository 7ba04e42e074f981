-- answer_failure(vendor, order) → nothing
--
-- Why      What the key's owner is told for ever after: 402 for a refused card, 409 for a cancelled
--          checkout. A sale that was never asked for keeps no answer: its key may try again.
-- Writes   idempotency_keys (one row, updated or deleted).
-- Locks    The key's row; the caller holds the order.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.answer_failure(p_vendor_id uuid, p_order_id uuid)
returns void
language plpgsql
as $$
declare
    v_order ringup.orders;
begin
    select * into v_order from ringup.orders o where o.vendor_id = p_vendor_id and o.id = p_order_id;
    if v_order.failure_code in ('card_declined', 'partially_approved', 'checkout_cancelled') then
        update ringup.idempotency_keys k
           set response_status = case v_order.failure_code when 'checkout_cancelled' then 409 else 402 end,
               response_body = jsonb_build_object(
                   'code', v_order.failure_code, 'detail', v_order.failure_detail, 'checkout_id', v_order.id,
                   'state', v_order.status, 'request_id', v_order.request_id),
               completed_at = ringup.now()
         where k.vendor_id = p_vendor_id and k.key = v_order.idempotency_key and k.order_id = p_order_id;
    else
        delete from ringup.idempotency_keys k
         where k.vendor_id = p_vendor_id and k.key = v_order.idempotency_key and k.order_id = p_order_id;
    end if;
end
$$;
