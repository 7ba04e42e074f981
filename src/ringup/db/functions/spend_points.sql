-- spend_points(customer, points, order) → nothing
--
-- Why      The first half of an order's points: the hold, where there is one, becomes the spend.
-- Writes   customers, loyalty_transactions (at most one 'spent' row), loyalty_lots, loyalty_lot_entries; and what
--          expire_points_of writes.
-- Locks    The caller holds the customer.
-- Repeats  Safe: an order that spent the same points before spends none now.
-- Raises   RU102 insufficient_points · RU110 customer_inactive · RU114 points_already_recorded
create or replace function ringup.spend_points(p_customer ringup.customers, p_points integer, p_order_id uuid)
returns void
language plpgsql
as $$
declare
    v_spent    integer := -ringup.points_recorded(p_customer.vendor_id, p_order_id, 'spent');
    v_held     integer;
    v_customer ringup.customers;
begin
    if p_points = 0 then
        return;
    end if;
    if v_spent <> 0 then
        perform ringup.check_same_points(p_customer, p_order_id, 'spent', v_spent, p_points);
        return;
    end if;
    v_held := ringup.points_held_for(p_customer, p_order_id);
    if not p_customer.is_active and v_held = 0 then
        raise exception using errcode = 'RU110', message = format('customer %s is not active', p_customer.id);
    end if;
    v_customer := ringup.lock_points(p_customer.vendor_id, p_customer.id);
    -- What was held was available then. Spending it cannot be refused now.
    if p_points > v_held then
        perform ringup.check_available(v_customer, p_points, v_held);
    end if;
    perform ringup.post_points(p_customer.vendor_id, p_customer.id, -p_points, 'spent', 'order', p_order_id::text,
                               format('Redeemed %s points', p_points), p_held_change => -v_held);
end
$$;
