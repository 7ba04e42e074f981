-- find_product(vendor, product id, code) → the product, which may be sold
--
-- Why      A line of a cart names its product by id or by a code: a SKU, else a barcode.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU006 product_not_found · RU111 product_inactive
create or replace function ringup.find_product(p_vendor_id uuid, p_product_id uuid, p_code text)
returns ringup.products
language plpgsql stable
as $$
declare
    v_product ringup.products;
begin
    if p_product_id is not null then
        select * into v_product from ringup.products p where p.vendor_id = p_vendor_id and p.id = p_product_id;
    else
        select * into v_product from ringup.products p where p.vendor_id = p_vendor_id and p.sku = p_code;
        if not found then
            select * into v_product from ringup.products p where p.vendor_id = p_vendor_id and p.barcode = p_code;
        end if;
    end if;
    if v_product.id is null then
        raise exception using errcode = 'RU006',
            message = format('product %s does not exist', coalesce(p_product_id::text, p_code));
    end if;
    if not v_product.is_active then
        raise exception using errcode = 'RU111', message = format('product %s is not sold any more', v_product.sku);
    end if;
    return v_product;
end
$$;
