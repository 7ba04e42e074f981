-- record_doubt(payment, code, reason, wait seconds, is unanswerable) → nothing
--
-- Why      The terminal did not say. The payment keeps its tender and its terminal until evidence
--          comes; the next look-up is due when the ladder says, or sooner if there is proof to be had sooner, and the
--          holds outlast it. If no look-up can ever find it, because the batch it was sent in is closed, a person is told.
-- Writes   payment_transactions, orders (payment_status, hold_until, lease_until), order_events (the first time),
--          payment_processors (next_health_check_at), reconciliation_items.
-- Locks    The caller holds order → payment.
-- Repeats  Safe: every further doubt moves the next look-up on.
-- Raises   Nothing.
create or replace function ringup.record_doubt(
    p_payment ringup.payment_transactions, p_code text, p_reason text, p_wait_seconds double precision,
    p_is_unanswerable boolean
)
returns void
language plpgsql
as $$
declare
    v_due timestamptz := ringup.now() + least(
        make_interval(secs => p_wait_seconds), ringup.doubt_delay(p_payment.check_count));
begin
    update ringup.payment_transactions p
       set status = ringup.next_state('payment', p.status, 'in_doubt'),
           error_code = p_code, error_message = left(p_reason, 500),
           check_count = p.check_count + 1, next_check_at = v_due, updated_at = ringup.now()
     where p.vendor_id = p_payment.vendor_id and p.id = p_payment.id;
    update ringup.orders o
       set hold_until = greatest(o.hold_until, v_due + interval '150 seconds'), lease_until = v_due
     where o.vendor_id = p_payment.vendor_id and o.id = p_payment.order_id;
    perform ringup.want_health_check(p_payment);
    if p_is_unanswerable then
        perform ringup.raise_item(
            p_payment.vendor_id, 'doubt_unanswerable', p_payment.payment_processor_id, p_payment.id,
            p_payment.reference_id, p_payment.amount_minor,
            format('in doubt, and the terminal can no longer tell: %s', p_reason));
    end if;
    if p_payment.status = 'processing' then
        perform ringup.advance_order(
            p_payment.vendor_id, p_payment.order_id, 'payment_in_doubt',
            jsonb_build_object('payment_id', p_payment.id, 'reason', left(p_reason, 500),
                               'waits_for', ringup.waiting_document(p_payment.vendor_id, p_payment.order_id)));
    end if;
end
$$;
