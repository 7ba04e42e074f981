-- lock_stock(vendor, location, product) → its row
--
-- Why      Goods that were never at a store have no row yet: it is made before it is locked.
-- Writes   inventory, where there was no row.
-- Locks    The inventory row. Callers come in the order of the product ids.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.lock_stock(p_vendor_id uuid, p_location_id uuid, p_product_id uuid)
returns ringup.inventory
language plpgsql
as $$
declare
    v_level ringup.inventory;
begin
    insert into ringup.inventory (vendor_id, location_id, product_id)
    values (p_vendor_id, p_location_id, p_product_id)
    on conflict do nothing;
    select * into v_level
      from ringup.inventory i
     where i.vendor_id = p_vendor_id and i.location_id = p_location_id and i.product_id = p_product_id
       for update;
    return v_level;
end
$$;
