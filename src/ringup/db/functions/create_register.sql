-- create_register(vendor, register, location, name) → nothing
--
-- Why      A till in a store.
-- Writes   registers.
-- Locks    Nothing beyond its own row.
-- Repeats  A second one with this id, or this name at the location, refuses.
-- Raises   RU003 location_not_found · RU113 already_exists
create or replace function ringup.create_register(
    p_vendor_id uuid, p_register_id uuid, p_location_id uuid, p_name text
)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    if not exists (select from ringup.locations l where l.vendor_id = p_vendor_id and l.id = p_location_id) then
        raise exception using errcode = 'RU003', message = format('location %s does not exist', p_location_id);
    end if;
    insert into ringup.registers (vendor_id, id, location_id, name, created_at)
    values (p_vendor_id, p_register_id, p_location_id, p_name, ringup.now())
    on conflict do nothing;
    if not found then
        raise exception using errcode = 'RU113', message = format('there is a register %s at this location already', p_name);
    end if;
end
$$;
