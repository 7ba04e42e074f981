-- record_health(vendor, processor, status, detail, latency) → the colour
--
-- Why      What a terminal said when it was asked whether it is there; the history is kept.
-- Writes   payment_processors, processor_health_checks.
-- Locks    The processor row.
-- Repeats  Every call is another check.
-- Raises   RU007 processor_not_found
create or replace function ringup.record_health(
    p_vendor_id uuid, p_processor_id uuid, p_status text, p_detail text, p_latency_ms integer
)
returns text
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    update ringup.payment_processors p
       set last_health_check = ringup.now(), last_health_status = p_status, last_health_error = p_detail
     where p.vendor_id = p_vendor_id and p.id = p_processor_id;
    if not found then
        raise exception using errcode = 'RU007', message = format('processor %s does not exist', p_processor_id);
    end if;
    insert into ringup.processor_health_checks (
        vendor_id, id, payment_processor_id, status, detail, latency_ms, checked_at)
    values (p_vendor_id, ringup.new_id(), p_processor_id, p_status, p_detail, p_latency_ms, ringup.now());
    return ringup.health_colour(p_status, ringup.now());
end
$$;
