-- free_terminals(vendor, location) → the terminals of a location that may be charged now, as a JSON list
--
-- Why      Whoever is refused at one terminal is told where else: in use, green, and with no payment on it that is
--          under way or in doubt.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.free_terminals(p_vendor_id uuid, p_location_id uuid)
returns json
language sql volatile
as $$
    select coalesce(json_agg(json_build_object('id', t.id, 'name', t.processor_name) order by t.processor_name), '[]')
      from ringup.payment_processors t
     where t.vendor_id = p_vendor_id and t.location_id = p_location_id and t.is_active
       and ringup.health_colour(t.last_health_status, t.last_health_check) = 'green'
       and not exists (select from ringup.payment_transactions p
                        where p.vendor_id = t.vendor_id and p.payment_processor_id = t.id
                          and p.status in ('processing', 'unknown'))
$$;
