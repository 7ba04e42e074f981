-- check_terminal(vendor, location, processor) → nothing
--
-- Why      A terminal known to be red, or with a payment in doubt on it, refuses the sale before anything is held or
--          anybody is charged, and names those that are free. One that is merely working on another sale is stood
--          in line for.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU007 processor_not_found · RU112 processor_inactive · RU301 terminal_offline · RU302 terminal_in_doubt
create or replace function ringup.check_terminal(p_vendor_id uuid, p_location_id uuid, p_processor_id uuid)
returns void
language plpgsql
as $$
declare
    v_processor ringup.payment_processors;
    v_doubt     ringup.payment_transactions;
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
                                       'green', ringup.free_terminals(p_vendor_id, p_location_id))::text;
    end if;
    select * into v_doubt
      from ringup.payment_transactions p
     where p.vendor_id = p_vendor_id and p.payment_processor_id = p_processor_id
       and p.status in ('processing', 'unknown') and ringup.is_in_doubt(p.status, p.next_check_at);
    if found then
        raise exception using errcode = 'RU302',
            message = format('terminal %s has a payment in doubt, which is being found out: nobody was charged',
                             v_processor.processor_name),
            detail = json_build_object('processor_id', v_processor.id, 'since', v_doubt.sent_at,
                                       'green', ringup.free_terminals(p_vendor_id, p_location_id))::text;
    end if;
end
$$;
