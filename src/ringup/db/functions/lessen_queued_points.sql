-- lessen_queued_points(order, customer, earned, redeemed) → nothing
--
-- Why      Points that wait in the queue were never granted or spent, so a return has nothing to reverse or give back:
--          what still waits becomes less instead, and when nothing is left the item is resolved.
-- Writes   loyalty_reconciliation_queue, customers (what the item held).
-- Locks    The queue item; the caller holds the order and the customer.
-- Repeats  Safe: p_earned and p_redeemed are what may still wait at most; null leaves it.
-- Raises   Nothing.
create or replace function ringup.lessen_queued_points(
    p_order ringup.orders, p_customer_id uuid, p_earned integer, p_redeemed integer
)
returns void
language plpgsql
as $$
declare
    v_item ringup.loyalty_reconciliation_queue;
begin
    select * into v_item
      from ringup.loyalty_reconciliation_queue q
     where q.vendor_id = p_order.vendor_id and q.order_id = p_order.id and not q.resolved
       for no key update;
    if not found then
        return;
    end if;
    -- A spend that somebody recorded meanwhile has taken the hold with it.
    if ringup.points_recorded(p_order.vendor_id, p_order.id, 'spent') = 0 then
        perform ringup.drop_hold(p_order.vendor_id, p_customer_id, greatest(v_item.points_held - p_redeemed, 0));
    end if;
    v_item.points_earned := least(v_item.points_earned, p_earned);
    v_item.points_redeemed := least(v_item.points_redeemed, p_redeemed);
    update ringup.loyalty_reconciliation_queue q
       set points_earned = v_item.points_earned,
           points_redeemed = v_item.points_redeemed,
           points_held = least(q.points_held, v_item.points_redeemed)
     where q.vendor_id = p_order.vendor_id and q.id = v_item.id;
    if v_item.points_earned + v_item.points_redeemed = 0 and p_order.points_problem is null then
        update ringup.loyalty_reconciliation_queue q
           set resolved = true, resolved_at = ringup.now(), resolved_by = 'return_points',
               resolution = 'everything was returned before the points were recorded'
         where q.vendor_id = p_order.vendor_id and q.id = v_item.id;
    end if;
end
$$;
