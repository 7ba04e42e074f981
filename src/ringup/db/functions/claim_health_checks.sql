-- claim_health_checks(vendor, limit, interval seconds) → terminals to ask now
--
-- Why      Each active terminal is asked on schedule, and at once after a payment on it failed or fell in doubt.
--          Claiming one plans its next check, so any number of workers share the work.
-- Writes   payment_processors (next_health_check_at).
-- Locks    The due rows, skipping those that others hold.
-- Repeats  Safe: two workers claim different rows.
-- Raises   Nothing.
create or replace function ringup.claim_health_checks(p_vendor_id uuid, p_limit integer, p_interval_seconds integer)
returns table (processor_id uuid)
language plpgsql security definer set search_path = ''
as $$
declare
    -- In a variable, for the index: see claim_due_payments.
    v_now constant timestamptz := ringup.now();
begin
    perform ringup.enter_vendor(p_vendor_id);
    return query
        with due as materialized (
            select p.id
              from ringup.payment_processors p
             where p.vendor_id = p_vendor_id and p.is_active and p.next_health_check_at <= v_now
             order by p.next_health_check_at
             limit p_limit
               for no key update skip locked
        )
        update ringup.payment_processors p
           set next_health_check_at = v_now + make_interval(secs => p_interval_seconds)
          from due d
         where p.vendor_id = p_vendor_id and p.id = d.id
        returning p.id;
end
$$;
