-- record_points(order) → nothing
--
-- Why      Spends and grants what the order promised, by the function that everybody calls, and says so on the order.
-- Writes   customers, loyalty_transactions, orders (points_earned).
-- Locks    The customer row; the caller holds the order.
-- Repeats  Safe.
-- Raises   What update_customer_loyalty_points_atomic raises.
create or replace function ringup.record_points(p_order ringup.orders)
returns void
language plpgsql
as $$
begin
    perform ringup.update_customer_loyalty_points_atomic(
        p_order.customer_id, p_order.points_to_earn, p_order.points_redeemed, p_order.id, (
            select (p_order.total_minor - p_order.tip_minor - p_order.cash_rounding_minor) / power(10::numeric, c.exponent)
              from ringup.currencies c
             where c.code = p_order.currency));
    update ringup.orders o
       set points_earned = p_order.points_to_earn
     where o.vendor_id = p_order.vendor_id and o.id = p_order.id;
end
$$;
