-- record_health(vendor, processor, status, detail, latency) → the colour
--
-- Why      What a terminal said when it was asked whether it is there; the history is kept. One that turns green again
--          is asked at once about whatever waited for it.
-- Writes   payment_processors, processor_health_checks; payment_transactions (next_check_at) when red turns green.
-- Locks    payments, skipping what others hold → the processor row.
-- Repeats  Every call is another check.
-- Raises   RU007 processor_not_found
create or replace function ringup.record_health(
    p_vendor_id uuid, p_processor_id uuid, p_status text, p_detail text, p_latency_ms integer
)
returns text
language plpgsql security definer set search_path = ''
as $$
declare
    v_colour text := ringup.health_colour(p_status, ringup.now());
begin
    perform ringup.enter_vendor(p_vendor_id);
    if v_colour = 'green' and exists (
        select from ringup.payment_processors p
         where p.vendor_id = p_vendor_id and p.id = p_processor_id
           and ringup.health_colour(p.last_health_status, p.last_health_check) = 'red') then
        perform ringup.wake_payments(p_vendor_id, p_processor_id);
    end if;
    update ringup.payment_processors p
       set last_health_check = ringup.now(), last_health_status = p_status, last_health_error = p_detail
     where p.vendor_id = p_vendor_id and p.id = p_processor_id;
    if not found then
        raise exception using errcode = 'RU007', message = format('processor %s does not exist', p_processor_id);
    end if;
    insert into ringup.processor_health_checks (
        vendor_id, id, payment_processor_id, status, detail, latency_ms, checked_at)
    values (p_vendor_id, ringup.new_id(), p_processor_id, p_status, p_detail, p_latency_ms, ringup.now());
    return v_colour;
end
$$;
