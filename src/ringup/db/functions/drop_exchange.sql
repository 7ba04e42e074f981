-- drop_exchange(new order) → whether what was to come back is given up
--
-- Why      The new sale does not happen, so nothing comes back either. Not while a terminal pays back or may have: then
--          both halves go on. Where a part of the money is back and nobody goes on, a person is told.
-- Writes   refunds, payment_transactions, audit_log; reconciliation_items.
-- Locks    The caller holds the new order; then the earlier order → refund → payments.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.drop_exchange(p_order ringup.orders)
returns boolean
language plpgsql
as $$
declare
    v_refund ringup.refunds := ringup.lock_refund(p_order.vendor_id, p_order.exchange_refund_id);
    v_money  text := ringup.exchange_money(p_order.vendor_id, v_refund.id);
begin
    if v_money = 'back' then
        perform ringup.raise_item(
            p_order.vendor_id, 'refund_unfinished', null, null, v_refund.id::text, v_refund.amount_minor,
            'a part of the money of this exchange is back, and nobody went on with the rest');
    end if;
    if v_money is not null then
        return false;
    end if;
    if v_refund.status = 'open' then
        perform ringup.drop_refund(v_refund, 'ringup');
    end if;
    return true;
end
$$;
