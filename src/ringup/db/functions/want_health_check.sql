-- want_health_check(payment) → nothing
--
-- Why      A terminal that did not do what it was asked is asked at once whether it is there, so that the next
--          cashier sees red before charging.
-- Writes   payment_processors (next_health_check_at).
-- Locks    The processor row; the caller holds order → payment.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.want_health_check(p_payment ringup.payment_transactions)
returns void
language sql
as $$
    update ringup.payment_processors p
       set next_health_check_at = ringup.now()
     where p.vendor_id = p_payment.vendor_id and p.id = p_payment.payment_processor_id
       and p.next_health_check_at > ringup.now()
$$;
