-- save_product(vendor, product, sku, barcode, name, category, price, tracks stock, active, actor, tax category)
--   → whether it is new
--
-- Why      The catalogue, from which every price comes.
-- Writes   products, audit_log.
-- Locks    The product row.
-- Repeats  Safe.
-- Raises   RU113 already_exists · RU204 amount_out_of_range
create or replace function ringup.save_product(
    p_vendor_id uuid, p_product_id uuid, p_sku text, p_barcode text, p_name text, p_category text,
    p_price_minor bigint, p_tracks_stock boolean, p_is_active boolean, p_actor text,
    p_tax_category text default 'standard'
)
returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    v_before ringup.products;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if p_price_minor is null or p_price_minor not between 0 and 1000000000000 then
        raise exception using errcode = 'RU204', message = format('a price of %s is out of range', p_price_minor);
    end if;
    select * into v_before
      from ringup.products p
     where p.vendor_id = p_vendor_id and p.id = p_product_id
       for no key update;
    begin
        insert into ringup.products (
            vendor_id, id, sku, barcode, name, category, price_minor, tracks_stock, is_active,
            tax_category, created_at, updated_at)
        values (
            p_vendor_id, p_product_id, p_sku, p_barcode, p_name, p_category, p_price_minor, p_tracks_stock,
            p_is_active, p_tax_category, ringup.now(), ringup.now())
        on conflict (vendor_id, id) do update
           set sku = excluded.sku, barcode = excluded.barcode, name = excluded.name, category = excluded.category,
               price_minor = excluded.price_minor, tracks_stock = excluded.tracks_stock,
               is_active = excluded.is_active, tax_category = excluded.tax_category,
               updated_at = excluded.updated_at;
    exception when unique_violation then
        raise exception using errcode = 'RU113',
            message = format('another product has the SKU %s or the barcode %s', p_sku, p_barcode);
    end;
    perform ringup.write_audit(p_vendor_id, p_actor, 'product_saved', 'product', p_product_id::text,
        case when v_before.id is not null then jsonb_build_object(
            'price_minor', v_before.price_minor, 'tax_category', v_before.tax_category) end,
        jsonb_build_object('sku', p_sku, 'price_minor', p_price_minor, 'is_active', p_is_active,
                           'tax_category', p_tax_category));
    return v_before.id is null;
end
$$;
