-- end_unpaid(vendor, order, event, code, detail) → nothing
--
-- Why      Step 5: the sale does not happen. While a payment of the order is still in flight or in doubt the end
--          is only noted, because that payment may yet be found approved and must then go back. A decline or a
--          cancellation is the key's answer for ever; anything else frees the key, so the same sale may be tried again.
-- Writes   payment_transactions, orders, order_events, customers, inventory, idempotency_keys; for an exchange what drop_exchange writes.
-- Locks    order → for an exchange the earlier order and its refund → payments → customer → inventory.
-- Repeats  Safe while it is only noted; an ended order refuses.
-- Raises   RU101 transition_not_allowed
create or replace function ringup.end_unpaid(
    p_vendor_id uuid, p_order_id uuid, p_event text, p_code text, p_detail text
)
returns void
language plpgsql
as $$
declare
    v_order ringup.orders := ringup.lock_order(p_vendor_id, p_order_id);
begin
    if exists (select from ringup.payment_transactions p
                where p.vendor_id = p_vendor_id and p.order_id = p_order_id
                  and p.status in ('processing', 'unknown')) then
        update ringup.orders o
           set cancel_event = coalesce(o.cancel_event, p_event), updated_at = ringup.now(),
               failure_code = coalesce(o.failure_code, p_code), failure_detail = coalesce(o.failure_detail, p_detail)
         where o.vendor_id = p_vendor_id and o.id = p_order_id;
        return;
    end if;
    -- While what comes back in an exchange is being paid back, or is, the sale goes on too.
    if v_order.exchange_refund_id is not null and not ringup.drop_exchange(v_order) then
        return;
    end if;

    perform ringup.undo_charges(p_vendor_id, p_order_id);
    perform ringup.release_holds(v_order);
    update ringup.orders o
       set holds = 'released', lease_until = null, due_minor = 0,
           failure_code = coalesce(o.failure_code, p_code), failure_detail = coalesce(o.failure_detail, p_detail)
     where o.vendor_id = p_vendor_id and o.id = p_order_id
    returning o.* into v_order;
    perform ringup.advance_order(p_vendor_id, p_order_id, p_event,
                                 jsonb_build_object('code', v_order.failure_code, 'detail', v_order.failure_detail));
    perform ringup.answer_failure(p_vendor_id, p_order_id);
end
$$;
