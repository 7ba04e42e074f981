-- check_terminal(vendor, location, processor) → nothing
--
-- Why      A terminal known to be red refuses the sale before anybody is charged, and names those
--          that are green.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU007 processor_not_found · RU112 processor_inactive · RU301 terminal_offline
create or replace function ringup.check_terminal(p_vendor_id uuid, p_location_id uuid, p_processor_id uuid)
returns void
language plpgsql
as $$
declare
    v_processor ringup.payment_processors;
begin
    select * into v_processor
      from ringup.payment_processors p
     where p.vendor_id = p_vendor_id and p.id = p_processor_id;
    if not found then
        raise exception using errcode = 'RU007', message = format('processor %s does not exist', p_processor_id);
    end if;
    if not v_processor.is_active or v_processor.location_id <> p_location_id then
        raise exception using errcode = 'RU112',
            message = format('processor %s is not in use at this location', v_processor.processor_name);
    end if;
    if ringup.health_colour(v_processor.last_health_status, v_processor.last_health_check) = 'red' then
        raise exception using errcode = 'RU301',
            message = format('terminal %s is %s: nobody was charged', v_processor.processor_name,
                             v_processor.last_health_status),
            detail = json_build_object('processor_id', v_processor.id, 'since', v_processor.last_health_check,
                'green', (select coalesce(json_agg(json_build_object('id', g.id, 'name', g.processor_name)), '[]')
                            from ringup.payment_processors g
                           where g.vendor_id = p_vendor_id and g.location_id = p_location_id and g.is_active
                             and ringup.health_colour(g.last_health_status, g.last_health_check) = 'green'))::text;
    end if;
end
$$;
