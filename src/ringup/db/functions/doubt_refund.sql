-- doubt_refund(payment, code, reason, wait seconds, is unanswerable) → nothing
--
-- Why      The terminal did not say whether it paid back. The attempt keeps its terminal, and its part of what can be
--          paid back, until evidence comes; the ladder says when somebody looks next. A void is asked for again, at the
--          latest every minute, because that is safe and a batch may close.
-- Writes   payment_transactions, payment_processors (next_health_check_at), reconciliation_items.
-- Locks    The caller holds order → payment.
-- Repeats  Safe: every further doubt moves the next look on.
-- Raises   Nothing.
create or replace function ringup.doubt_refund(
    p_payment ringup.payment_transactions, p_code text, p_reason text, p_wait_seconds double precision,
    p_is_unanswerable boolean
)
returns void
language plpgsql
as $$
begin
    update ringup.payment_transactions p
       set status = ringup.next_state('payment', p.status, 'in_doubt'),
           error_code = p_code, error_message = left(p_reason, 500), check_count = p.check_count + 1,
           next_check_at = ringup.now() + least(
               make_interval(secs => p_wait_seconds), ringup.doubt_delay(p.check_count),
               case when p.refund_way = 'void' and not p_is_unanswerable then interval '1 minute' end),
           updated_at = ringup.now()
     where p.vendor_id = p_payment.vendor_id and p.id = p_payment.id;
    perform ringup.want_health_check(p_payment);
    if p_is_unanswerable then
        perform ringup.raise_item(
            p_payment.vendor_id, 'doubt_unanswerable', p_payment.payment_processor_id, p_payment.id,
            p_payment.reference_id, p_payment.amount_minor,
            format('a refund in doubt, and the terminal can no longer tell: %s', p_reason));
    end if;
end
$$;
