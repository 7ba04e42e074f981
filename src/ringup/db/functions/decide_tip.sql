-- decide_tip(payment, outcome, approved, reason, actor) → nothing
--
-- Why      A person has evidence about a tip that no inquiry gives. It is the whole tip, or none of it.
-- Writes   audit_log, and what record_tip writes.
-- Locks    order → payment → session.
-- Repeats  Safe: called once, by decide_payment.
-- Raises   RU107 payment_in_doubt · RU204 amount_out_of_range
create or replace function ringup.decide_tip(
    p_payment ringup.payment_transactions, p_outcome text, p_approved_minor bigint, p_reason text, p_actor text
)
returns void
language plpgsql
as $$
declare
    v_tip ringup.tip_changes;
begin
    select * into v_tip from ringup.tip_changes t
     where t.vendor_id = p_payment.vendor_id and t.id = p_payment.tip_change_id;
    if v_tip.status = 'processing' and p_payment.next_check_at > ringup.now() then
        raise exception using errcode = 'RU107',
            message = format('the terminal is still being asked for the tip, until %s at the latest',
                             p_payment.next_check_at),
            detail = json_build_object('checkout_id', p_payment.order_id, 'until', p_payment.next_check_at)::text;
    end if;
    if p_approved_minor is not null then
        raise exception using errcode = 'RU204',
            message = 'a tip is changed as it was asked for, or not at all';
    end if;
    perform ringup.write_audit(
        p_payment.vendor_id, p_actor, 'tip_decided', 'payment', p_payment.id::text,
        jsonb_build_object('status', v_tip.status, 'error_message', v_tip.error_message),
        jsonb_build_object('outcome', p_outcome, 'tip_minor', v_tip.tip_minor, 'reason', p_reason));
    perform ringup.record_tip(p_payment.vendor_id, v_tip.id, p_outcome, 'decided',
                              format('decided by %s: %s', p_actor, p_reason), null);
end
$$;
