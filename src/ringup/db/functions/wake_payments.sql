-- wake_payments(vendor, processor) → how many payments are due now that were to wait
--
-- Why      The terminal is there again, or shows another batch: whatever waited for it (doubts, voids, captures) is
--          asked about at once, and the ladder of its tries begins anew. Bounded, oldest first; the rest stays due when
--          it was. What a live process is charging is left to it.
-- Writes   payment_transactions (next_check_at, check_count).
-- Locks    Those rows, skipping what others hold.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.wake_payments(p_vendor_id uuid, p_processor_id uuid)
returns integer
language plpgsql
as $$
declare
    v_count integer;
begin
    with waiting as materialized (
        select p.id
          from ringup.payment_transactions p
         where p.vendor_id = p_vendor_id and p.next_check_at > ringup.now()
           and p.payment_processor_id = p_processor_id and p.status in ('unknown', 'voiding', 'approved')
         order by p.created_at
         limit 100
           for no key update skip locked
    )
    update ringup.payment_transactions p
       set next_check_at = ringup.now(), check_count = 0
      from waiting w
     where p.vendor_id = p_vendor_id and p.id = w.id;
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
