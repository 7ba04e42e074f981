-- earn_points(customer, points, order, order total) → nothing
--
-- Why      The second half of an order's points: one grant per order.
-- Writes   customers, loyalty_transactions (at most one 'earned' row).
-- Locks    The caller holds the customer.
-- Repeats  Safe: an order that earned the same points before earns none now.
-- Raises   RU110 customer_inactive · RU114 points_already_recorded
create or replace function ringup.earn_points(
    p_customer ringup.customers, p_points integer, p_order_id uuid, p_order_total numeric
)
returns void
language plpgsql
as $$
declare
    v_earned integer := ringup.points_recorded(p_customer.vendor_id, p_order_id, 'earned');
begin
    if p_points = 0 then
        return;
    end if;
    if v_earned <> 0 then
        perform ringup.check_same_points(p_customer, p_order_id, 'earned', v_earned, p_points);
        return;
    end if;
    if not p_customer.is_active then
        raise exception using errcode = 'RU110', message = format('customer %s is not active', p_customer.id);
    end if;
    perform ringup.post_points(p_customer.vendor_id, p_customer.id, p_points, 'earned', 'order', p_order_id::text,
                               format('Earned %s points on %s', p_points, p_order_total));
end
$$;
