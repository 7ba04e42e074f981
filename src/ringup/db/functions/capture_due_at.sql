-- capture_due_at(payment) → when the payment's money is taken, if it was only set aside
--
-- Why      A terminal whose setting tip_minutes says so leaves the customer time to add a tip, for so long after the
--          approval; else the money is taken at once.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing: a setting that is no number of minutes up to 1440 counts as none.
create or replace function ringup.capture_due_at(p_payment ringup.payment_transactions)
returns timestamptz
language sql stable
as $$
    select greatest(ringup.now(), p_payment.settled_at + make_interval(mins => (
        select case when t.settings ->> 'tip_minutes' ~ '^[0-9]{1,4}$'
                    then least((t.settings ->> 'tip_minutes')::integer, 1440) else 0 end
          from ringup.payment_processors t
         where t.vendor_id = p_payment.vendor_id and t.id = p_payment.payment_processor_id)))
$$;
