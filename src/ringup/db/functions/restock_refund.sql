-- restock_refund(refund) → nothing
--
-- Why      What can be sold again goes back on the shelf, at the store that took it back; what cannot does not.
-- Writes   inventory, inventory_movements: one row each per product that tracks stock.
-- Locks    Those inventory rows, in the order of their product ids. The caller holds the order.
-- Repeats  Not idempotent; called once, with the refund's completion.
-- Raises   Nothing.
create or replace function ringup.restock_refund(p_refund ringup.refunds)
returns void
language plpgsql
as $$
declare
    v_item record;
begin
    for v_item in
        select i.product_id, sum(l.quantity)::bigint as quantity
          from ringup.refund_lines l
          join ringup.order_items i
            on i.vendor_id = l.vendor_id and i.order_id = l.order_id and i.line_number = l.line_number
         where l.vendor_id = p_refund.vendor_id and l.refund_id = p_refund.id and l.restock and i.tracks_stock
         group by i.product_id
         order by i.product_id
    loop
        insert into ringup.inventory (vendor_id, location_id, product_id)
        values (p_refund.vendor_id, p_refund.location_id, v_item.product_id)
        on conflict do nothing;
        perform ringup.move_stock(
            p_refund.vendor_id, p_refund.location_id, v_item.product_id, v_item.quantity, 0,
            'returned', 'refund', p_refund.id::text);
    end loop;
end
$$;
