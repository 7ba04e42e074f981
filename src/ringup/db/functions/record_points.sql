-- record_points(order) → nothing
--
-- Why      Spends and grants what the order promised, by the function that everybody calls.
-- Writes   customers, loyalty_transactions, loyalty_lots, loyalty_lot_entries. The caller says so on the order.
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
end
$$;
