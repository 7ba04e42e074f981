-- release_holds(order) → nothing
--
-- Why      Stock, points and what is on gift cards that were set aside go back to everybody. Points that somebody spent for
--          this order by the points function are given back with a row of their own, into the lots they came from.
-- Writes   customers, loyalty_transactions, loyalty_lots, loyalty_lot_entries,
--          loyalty_campaign_grants, coupon_uses, coupons, stored_value_accounts, inventory, inventory_movements.
-- Locks    coupons → customer → stored value → inventory; the caller holds the order.
-- Repeats  Safe for an order whose holds were released; the caller turns orders.holds.
-- Raises   Nothing.
create or replace function ringup.release_holds(p_order ringup.orders)
returns void
language plpgsql
as $$
declare
    v_customer ringup.customers;
    v_spent    integer;
begin
    if p_order.holds <> 'held' then
        return;
    end if;
    perform ringup.settle_coupons(p_order, 'released');
    if p_order.points_redeemed > 0 then
        v_spent := -ringup.points_recorded(p_order.vendor_id, p_order.id, 'spent');
        if v_spent <> 0 then
            v_customer := ringup.lock_survivor(p_order.vendor_id, p_order.customer_id);
            perform ringup.give_back_points(
                p_order.vendor_id, v_customer.id, p_order.id, v_spent, 'order',
                p_order.id::text, format('Order %s was not sold', p_order.order_number));
        else
            perform ringup.drop_hold(p_order.vendor_id, p_order.customer_id, p_order.points_redeemed);
        end if;
    end if;
    perform ringup.settle_campaigns(p_order, 'released');
    perform ringup.settle_stored_value(p_order, 'released');
    perform ringup.settle_stock(p_order.vendor_id, p_order.id, 'released');
end
$$;
