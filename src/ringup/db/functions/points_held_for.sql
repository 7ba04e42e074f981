-- points_held_for(customer, order) → the customer's points that are set aside for this very order
--
-- Why      Held points are nobody's but the order's: while its checkout is open, and after it as long as the
--          spending of them waits in the queue.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the customer.
-- Repeats  Safe. Only before the order has spent: the hold has become the spend then.
-- Raises   Nothing.
create or replace function ringup.points_held_for(p_customer ringup.customers, p_order_id uuid)
returns integer
language plpgsql
as $$
begin
    return (
    select coalesce(
        (select o.points_redeemed
           from ringup.orders o
          where o.vendor_id = p_customer.vendor_id and o.id = p_order_id
            and o.customer_id = p_customer.id and o.holds = 'held'),
        (select q.points_held
           from ringup.loyalty_reconciliation_queue q
          where q.vendor_id = p_customer.vendor_id and q.order_id = p_order_id
            and q.customer_id = p_customer.id and not q.resolved),
        0)
    );
end
$$;
