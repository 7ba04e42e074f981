-- hold_stock(vendor, location, order, lines) → nothing
--
-- Why      Goods are set aside before anybody is charged. Lines of the same product are added up
--          first: each could be there alone and not together.
-- Writes   inventory, inventory_movements: one row each per product that tracks stock.
-- Locks    Those inventory rows, in the order of their product ids.
-- Repeats  Not idempotent; called once, with the order's creation.
-- Raises   RU103 insufficient_stock, naming product, available and wanted
create or replace function ringup.hold_stock(
    p_vendor_id uuid, p_location_id uuid, p_order_id uuid, p_lines ringup.priced_line[]
)
returns void
language plpgsql
as $$
declare
    v_wanted    record;
    v_available bigint;
begin
    for v_wanted in
        select l.product_id, min(l.sku) as sku, sum(l.quantity)::bigint as quantity
          from unnest(p_lines) as l
         where l.tracks_stock
         group by l.product_id
         order by l.product_id
    loop
        if not ringup.move_stock(p_vendor_id, p_location_id, v_wanted.product_id, 0, v_wanted.quantity,
                                 'held', 'order', p_order_id::text) then
            select i.on_hand - i.reserved into v_available
              from ringup.inventory i
             where i.vendor_id = p_vendor_id and i.location_id = p_location_id and i.product_id = v_wanted.product_id;
            raise exception using errcode = 'RU103',
                message = format('Insufficient stock of %s. Available: %s, Requested: %s',
                                 v_wanted.sku, coalesce(v_available, 0), v_wanted.quantity),
                detail = json_build_object('sku', v_wanted.sku, 'available', coalesce(v_available, 0),
                                           'requested', v_wanted.quantity)::text;
        end if;
    end loop;
end
$$;
