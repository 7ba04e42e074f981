-- record_batch(vendor, processor, number) → whether it is another batch than the one that was known
--
-- Why      "Not found" is proof only while the batch that was open before the attempt is still open, so the open one
--          has to be known before the first sale in it. When another one is open, whatever is in doubt at the
--          terminal is looked up at once: it may be that no look-up can ever find it again.
-- Writes   payment_processors (last_batch_number); payment_transactions (next_check_at) when it changed.
-- Locks    payments, skipping what others hold → the processor row.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.record_batch(p_vendor_id uuid, p_processor_id uuid, p_number text)
returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    if not exists (select from ringup.payment_processors t
                    where t.vendor_id = p_vendor_id and t.id = p_processor_id
                      and t.last_batch_number is distinct from p_number) then
        return false;
    end if;
    perform ringup.wake_payments(p_vendor_id, p_processor_id);
    update ringup.payment_processors t
       set last_batch_number = p_number
     where t.vendor_id = p_vendor_id and t.id = p_processor_id;
    return true;
end
$$;
