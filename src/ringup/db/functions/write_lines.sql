-- write_lines(vendor, order, lines) → nothing
--
-- Why      The order keeps what was sold at which price, whatever the catalogue says later.
-- Writes   order_items.
-- Locks    Nothing beyond its own rows.
-- Repeats  Not idempotent; called once, with the order's creation.
-- Raises   Nothing.
create or replace function ringup.write_lines(p_vendor_id uuid, p_order_id uuid, p_lines ringup.priced_line[])
returns void
language plpgsql
as $$
begin
    insert into ringup.order_items (
        vendor_id, order_id, line_number, product_id, sku, name, quantity,
        unit_price_minor, discount_minor, tax_minor, total_minor, tracks_stock, points_to_earn, points_redeemed,
        tax_included_minor, points_value_minor)
    select p_vendor_id, p_order_id, l.ordinality, l.product_id, l.sku, l.name, l.quantity,
           l.unit_price_minor, l.discount_minor, l.tax_minor, l.total_minor, l.tracks_stock,
           l.points_to_earn, l.points_redeemed, l.tax_included_minor, l.points_value_minor
      from unnest(p_lines) with ordinality as l;
end
$$;
