-- check_stock_location(vendor, location) → nothing, or it raises
--
-- Why      A store that is not there is named before anything else is looked at.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU003 location_not_found
create or replace function ringup.check_stock_location(p_vendor_id uuid, p_location_id uuid)
returns void
language plpgsql
as $$
begin
    if not exists (select from ringup.locations l where l.vendor_id = p_vendor_id and l.id = p_location_id) then
        raise exception using errcode = 'RU003', message = format('location %s does not exist', p_location_id);
    end if;
end
$$;
