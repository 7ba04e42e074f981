-- create_location(vendor, location, code, name) → nothing
--
-- Why      A store, with the counter that numbers its orders.
-- Writes   locations, order_counters.
-- Locks    Nothing beyond its own rows.
-- Repeats  A second one with this id or code refuses.
-- Raises   RU113 already_exists
create or replace function ringup.create_location(p_vendor_id uuid, p_location_id uuid, p_code text, p_name text)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    insert into ringup.locations (vendor_id, id, code, name, created_at)
    values (p_vendor_id, p_location_id, p_code, p_name, ringup.now())
    on conflict do nothing;
    if not found then
        raise exception using errcode = 'RU113', message = format('there is a location %s already', p_code);
    end if;
    insert into ringup.order_counters (vendor_id, location_id, counter, next_number)
    select p_vendor_id, p_location_id, n, n
      from generate_series(1, 16) as n;
end
$$;
