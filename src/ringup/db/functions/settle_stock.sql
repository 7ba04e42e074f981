-- settle_stock(vendor, order, reason) → nothing
--
-- Why      What was set aside for the order leaves with it ('sold') or is given back ('released').
--          Because it was set aside, this cannot run short.
-- Writes   inventory, inventory_movements: one row each per product that tracks stock.
-- Locks    Those inventory rows, in the order of their product ids. The caller holds the order.
-- Repeats  Not idempotent; the caller turns orders.holds in the same transaction.
-- Raises   An assertion when the reservation is not there: a bug, or a hand in the tables.
create or replace function ringup.settle_stock(p_vendor_id uuid, p_order_id uuid, p_reason text)
returns void
language plpgsql
as $$
declare
    v_item record;
begin
    for v_item in
        select o.location_id, i.product_id, sum(i.quantity)::bigint as quantity
          from ringup.order_items i
          join ringup.orders o on o.vendor_id = i.vendor_id and o.id = i.order_id
         where i.vendor_id = p_vendor_id and i.order_id = p_order_id and i.tracks_stock
         group by o.location_id, i.product_id
         order by i.product_id
    loop
        assert ringup.move_stock(
            p_vendor_id, v_item.location_id, v_item.product_id,
            case when p_reason = 'sold' then -v_item.quantity else 0 end, -v_item.quantity,
            p_reason, 'order', p_order_id::text), 'the stock held for an order is there';
    end loop;
end
$$;
