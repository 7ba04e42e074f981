-- price_lines(vendor, skus, product ids, quantities, discounts, prices) → the lines, priced
--
-- Why      Prices come from the catalogue. A price in p_prices overrides it: callers pass one only
--          for a key that may. A line names its product by id, or by SKU, or by barcode.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU006 product_not_found · RU111 product_inactive · RU204 amount_out_of_range · RU205 discount_too_large
create or replace function ringup.price_lines(
    p_vendor_id uuid, p_skus text[], p_product_ids uuid[], p_quantities bigint[],
    p_discounts bigint[], p_prices bigint[]
)
returns ringup.priced_line[]
language plpgsql stable
as $$
declare
    v_lines    ringup.priced_line[] := '{}';
    v_product  ringup.products;
    v_quantity bigint;
    v_discount bigint;
    v_price    bigint;
    v_gross    numeric;
begin
    for i in 1 .. coalesce(cardinality(p_quantities), 0) loop
        v_product := ringup.find_product(p_vendor_id, p_product_ids[i], p_skus[i]);
        v_quantity := p_quantities[i];
        v_discount := coalesce(p_discounts[i], 0);
        v_price := coalesce(p_prices[i], v_product.price_minor);
        v_gross := v_price::numeric * v_quantity;
        if v_quantity is null or v_quantity < 1 or v_price < 0 or v_gross > 1000000000000 then
            raise exception using errcode = 'RU204',
                message = format('line %s: quantity %s at %s is out of range', i, v_quantity, v_price),
                detail = json_build_object('line', i)::text;
        end if;
        if v_discount < 0 or v_discount > v_gross then
            raise exception using errcode = 'RU205',
                message = format('line %s: a discount of %s on %s', i, v_discount, v_gross),
                detail = json_build_object('line', i)::text;
        end if;
        v_lines := v_lines || row(v_product.id, v_product.sku, v_product.name, v_quantity, v_price, v_discount,
                                  v_gross::bigint - v_discount, v_product.tracks_stock, 0,
                                  v_product.category, 0, 0,
                                  v_product.tax_category, v_product.price_minor, 0, 0)::ringup.priced_line;
    end loop;
    return v_lines;
end
$$;
