-- settle_points(order) → nothing
--
-- Why      The order's points, in the order's transaction. The money has moved, so a failure here may not undo
--          the sale: it is queued with its amounts and its error, for a retry or a person.
-- Writes   customers, loyalty_transactions, orders (points_earned); or loyalty_reconciliation_queue.
-- Locks    The customer row; the caller holds the order.
-- Repeats  Safe.
-- Raises   Nothing of its own.
create or replace function ringup.settle_points(p_order ringup.orders)
returns void
language plpgsql
as $$
declare
    v_earned integer := 0;
    v_major  numeric;
begin
    if p_order.customer_id is null then
        return;
    end if;
    select (p_order.total_minor - p_order.tip_minor) / power(10::numeric, c.exponent) into v_major
      from ringup.currencies c
     where c.code = p_order.currency;
    begin
        v_earned := ringup.calculate_loyalty_points_to_earn(p_order.vendor_id, v_major);
        perform ringup.update_customer_loyalty_points_atomic(
            p_order.customer_id, v_earned, p_order.points_redeemed, p_order.id, v_major);
        update ringup.orders o
           set points_earned = v_earned
         where o.vendor_id = p_order.vendor_id and o.id = p_order.id;
    exception when others then
        insert into ringup.loyalty_reconciliation_queue (
            vendor_id, id, customer_id, order_id, points_earned, points_redeemed, error_message, created_at)
        values (
            p_order.vendor_id, ringup.new_id(), p_order.customer_id, p_order.id, v_earned, p_order.points_redeemed,
            left(sqlerrm, 500), ringup.now());
        perform ringup.drop_hold(p_order.vendor_id, p_order.customer_id, p_order.points_redeemed);
    end;
end
$$;
