-- tax_rates_in_force(vendor, location) → the rates, those in the price first, in the order in which they are raised
--
-- Why      Of each code the latest version that has begun, unless it ended the rate or is for other places.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.tax_rates_in_force(p_vendor_id uuid, p_location_id uuid)
returns ringup.tax_rates[]
language plpgsql stable
as $$
declare
    v_now timestamptz := ringup.now();
begin
    return array(
        select t
          from ringup.tax_rates t
         where t.vendor_id = p_vendor_id and t.valid_from <= v_now and t.is_active
           and (t.location_ids is null or p_location_id = any (t.location_ids))
           and not exists (select from ringup.tax_rates n
                            where n.vendor_id = p_vendor_id and n.code = t.code
                              and n.valid_from > t.valid_from and n.valid_from <= v_now)
         order by t.is_included desc, t.position, t.code);
end
$$;
