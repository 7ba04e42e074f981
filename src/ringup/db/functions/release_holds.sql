-- release_holds(order) → nothing
--
-- Why      Stock and points that were set aside go back to everybody. Points that somebody spent for
--          this order by the points function are given back with a row of their own.
-- Writes   customers, loyalty_transactions, loyalty_campaign_grants, inventory, inventory_movements.
-- Locks    customer → inventory; the caller holds the order.
-- Repeats  Safe for an order whose holds were released; the caller turns orders.holds.
-- Raises   Nothing.
create or replace function ringup.release_holds(p_order ringup.orders)
returns void
language plpgsql
as $$
begin
    if p_order.holds <> 'held' then
        return;
    end if;
    if p_order.points_redeemed > 0 then
        if ringup.points_recorded(p_order.vendor_id, p_order.id, 'spent') <> 0 then
            perform ringup.post_points(
                p_order.vendor_id, p_order.customer_id, p_order.points_redeemed, 'reversed', 'order',
                p_order.id::text, format('Order %s was not sold', p_order.order_number));
        else
            update ringup.customers c
               set loyalty_points_held = c.loyalty_points_held - p_order.points_redeemed, updated_at = ringup.now()
             where c.vendor_id = p_order.vendor_id and c.id = p_order.customer_id;
        end if;
    end if;
    perform ringup.settle_campaigns(p_order, 'released');
    perform ringup.settle_stock(p_order.vendor_id, p_order.id, 'released');
end
$$;
