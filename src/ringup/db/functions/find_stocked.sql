-- find_stocked(vendor, product id, code) → the product, whose pieces are counted
--
-- Why      A line of a stock document names its product by id or by a code: a SKU, else a barcode.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU006 product_not_found · RU170 stock_not_tracked
create or replace function ringup.find_stocked(p_vendor_id uuid, p_product_id uuid, p_code text)
returns ringup.products
language plpgsql stable
as $$
declare
    v_product ringup.products;
begin
    select * into v_product
      from ringup.products p
     where p.vendor_id = p_vendor_id
       and case when p_product_id is not null then p.id = p_product_id else p_code in (p.sku, p.barcode) end
     order by p.sku = p_code desc
     limit 1;
    if not found then
        raise exception using errcode = 'RU006',
            message = format('product %s does not exist', coalesce(p_product_id::text, p_code, 'without a name')),
            detail = json_build_object('product', coalesce(p_product_id::text, p_code))::text;
    end if;
    if not v_product.tracks_stock then
        raise exception using errcode = 'RU170', message = format('%s is not counted in pieces', v_product.sku),
            detail = json_build_object('sku', v_product.sku)::text;
    end if;
    return v_product;
end
$$;
