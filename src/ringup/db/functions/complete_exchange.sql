-- complete_exchange(new order) → nothing
--
-- Why      The half of an exchange that comes back completes in the transaction of its sale. All rows that the two halves
--          share or touch are locked first, in the one order, because otherwise the second half would come to rows that
--          are before those of the first.
-- Writes   What close_refund writes; reconciliation_items.
-- Locks    The caller holds the new order; then the earlier order → refund → payments → customers → gift cards → inventory
--          → session. A newer order always comes before an older one.
-- Repeats  Not idempotent; called once, with the new order's completion.
-- Raises   RU101 transition_not_allowed
create or replace function ringup.complete_exchange(p_order ringup.orders)
returns void
language plpgsql
as $$
declare
    v_refund ringup.refunds := ringup.lock_refund(p_order.vendor_id, p_order.exchange_refund_id);
    v_step   text := (select s.step from ringup.next_refund_step(p_order.vendor_id, v_refund.id) as s);
begin
    -- A clerk may have chosen another way for the money meanwhile.
    if v_step <> 'finish' then
        raise exception using errcode = 'RU101',
            message = format('what comes back is not settled; the next step is %s', v_step),
            detail = json_build_object('state', v_refund.status)::text;
    end if;
    perform ringup.lock_exchange(p_order, v_refund);
    perform ringup.close_refund(p_order.vendor_id, v_refund.id);
    perform ringup.settle_item(p_order.vendor_id, 'refund_unfinished', v_refund.id::text, 'it is completed');
end
$$;
