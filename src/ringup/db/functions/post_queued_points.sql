-- post_queued_points(item) → nothing
--
-- Why      What an item waits for, done: the order's points, for its customer or who they were merged into.
-- Writes   customers, loyalty_transactions, orders (points_earned).
-- Locks    The customer row; the caller holds the order.
-- Repeats  Safe.
-- Raises   What update_customer_loyalty_points_atomic raises.
create or replace function ringup.post_queued_points(p_item ringup.loyalty_reconciliation_queue)
returns void
language plpgsql
as $$
declare
    v_customer_id uuid := ringup.surviving_customer(p_item.vendor_id, p_item.customer_id);
    v_order       ringup.orders;
begin
    select * into v_order from ringup.orders o where o.vendor_id = p_item.vendor_id and o.id = p_item.order_id;
    if found then
        v_order.points_to_earn := p_item.points_earned;
        v_order.points_redeemed := p_item.points_redeemed;
        perform ringup.record_points(v_customer_id, v_order);
    else
        perform ringup.update_customer_loyalty_points_atomic(
            v_customer_id, p_item.points_earned, p_item.points_redeemed, p_item.order_id, null);
    end if;
end
$$;
