-- earn_points(customer, points, order, order total) → nothing
--
-- Why      The second half of an order's points: one grant per order, and one lot, which becomes spendable and
--          expires as the programme in force says.
-- Writes   customers, loyalty_transactions (at most one 'earned' row), loyalty_lots, loyalty_lot_entries.
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
    v_earned    integer := ringup.points_recorded(p_customer.vendor_id, p_order_id, 'earned');
    v_programme ringup.loyalty_programmes;
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
    v_programme := ringup.current_programme(p_customer.vendor_id);
    perform ringup.post_points(
        p_customer.vendor_id, p_customer.id, p_points, 'earned', 'order', p_order_id::text,
        format('Earned %s points on %s', p_points, trim_scale(p_order_total)),
        case when v_programme.live_days > 0
             then ringup.local_midnight(p_customer.vendor_id, v_programme.live_days) end,
        case when v_programme.pending_days > 0
             then ringup.local_midnight(p_customer.vendor_id, v_programme.pending_days) end);
end
$$;
