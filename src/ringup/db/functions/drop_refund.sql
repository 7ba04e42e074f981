-- drop_refund(refund, actor) → nothing
--
-- Why      A refund of which nothing is back is given up: what it kept from others is free again.
-- Writes   refunds, payment_transactions, audit_log.
-- Locks    The caller holds order → refund; then payments.
-- Repeats  Not idempotent; the caller looked that it is open.
-- Raises   RU101 transition_not_allowed
create or replace function ringup.drop_refund(p_refund ringup.refunds, p_actor text)
returns void
language plpgsql
as $$
begin
    update ringup.payment_transactions p
       set status = ringup.next_state('payment', p.status, 'dropped'), updated_at = ringup.now(),
           error_message = coalesce(p.error_message, 'the refund was given up before this was asked for')
     where p.vendor_id = p_refund.vendor_id and p.order_id = p_refund.order_id and p.refund_id = p_refund.id and p.status = 'created';
    update ringup.refunds r
       set status = ringup.next_state('refund', r.status, 'cancelled'), lease_until = null, updated_at = ringup.now()
     where r.vendor_id = p_refund.vendor_id and r.id = p_refund.id;
    perform ringup.write_audit(
        p_refund.vendor_id, p_actor, 'refund_cancelled', 'refund', p_refund.id::text, null, null);
end
$$;
