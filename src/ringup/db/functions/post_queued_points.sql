-- post_queued_points(item) → the points that were granted
--
-- Why      What an item waits for, done: the order's points, for its customer or who they were merged into. What was
--          returned before the promise was made is not granted.
-- Writes   customers, loyalty_transactions, orders (points_earned), and what promise_late writes.
-- Locks    The customer row; the caller holds the order.
-- Repeats  Safe.
-- Raises   What update_customer_loyalty_points_atomic and earn_lines raise.
create or replace function ringup.post_queued_points(p_item ringup.loyalty_reconciliation_queue)
returns integer
language plpgsql
as $$
declare
    v_order ringup.orders;
begin
    select * into v_order from ringup.orders o where o.vendor_id = p_item.vendor_id and o.id = p_item.order_id;
    if not found then
        perform ringup.update_customer_loyalty_points_atomic(
            p_item.customer_id, p_item.points_earned, p_item.points_redeemed, p_item.order_id, null);
        return p_item.points_earned;
    end if;
    if v_order.points_problem is not null then
        v_order := ringup.promise_late(v_order);
        v_order.points_to_earn := v_order.points_to_earn - coalesce((
            select sum(i.points_to_earn * r.quantity / i.quantity)
              from ringup.order_items i
              join (select n.line_number, sum(n.quantity)::bigint as quantity
                      from ringup.loyalty_returns n
                     where n.vendor_id = p_item.vendor_id and n.order_id = p_item.order_id
                     group by n.line_number) as r on r.line_number = i.line_number
             where i.vendor_id = p_item.vendor_id and i.order_id = p_item.order_id), 0);
    else
        v_order.points_to_earn := p_item.points_earned;
    end if;
    v_order.points_redeemed := p_item.points_redeemed;
    perform ringup.record_points(v_order);
    update ringup.orders o
       set points_earned = v_order.points_to_earn
     where o.vendor_id = v_order.vendor_id and o.id = v_order.id;
    return v_order.points_to_earn;
end
$$;
