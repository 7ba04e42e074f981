-- decide_payment(vendor, payment, outcome, approved, reason, actor) → the order's status and what to do next
--
-- Why      A person has evidence that no inquiry gives: a batch report, the customer's statement. p_outcome is
--          approved or not_sent. The decision needs a reason, is recorded with a name, and what follows from it
--          follows by the same rules as from a terminal's answer.
-- Writes   audit_log, and what record_outcome writes.
-- Locks    order → payment → customer → inventory.
-- Repeats  Safe: a payment that is no longer in doubt refuses.
-- Raises   RU002 attempt_not_found · RU108 outcome_conflict · RU208 reason_missing
create or replace function ringup.decide_payment(
    p_vendor_id uuid, p_payment_id uuid, p_outcome text, p_approved_minor bigint, p_reason text, p_actor text
)
returns table (status text, step text, payment_id uuid, processor_id uuid)
language plpgsql security definer set search_path = ''
as $$
declare
    v_payment ringup.payment_transactions;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(trim(p_reason), '') = '' or coalesce(trim(p_actor), '') = ''
       or p_outcome is null or p_outcome not in ('approved', 'not_sent') then
        raise exception using errcode = 'RU208', message = 'a decision about money needs an outcome, a reason and a name';
    end if;
    v_payment := ringup.lock_payment(p_vendor_id, p_payment_id);
    if v_payment.status not in ('processing', 'unknown') then
        raise exception using errcode = 'RU108',
            message = format('the payment is %s; there is nothing to decide', v_payment.status),
            detail = json_build_object('status', v_payment.status)::text;
    end if;
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'payment_decided', 'payment', p_payment_id::text,
        jsonb_build_object('status', v_payment.status, 'error_message', v_payment.error_message),
        jsonb_build_object('outcome', p_outcome, 'approved_minor', p_approved_minor, 'reason', p_reason));
    return query
        select *
          from ringup.record_outcome(
              p_vendor_id, p_payment_id, p_outcome,
              coalesce(p_approved_minor, v_payment.amount_minor), v_payment.tip_minor, true, false,
              null, null, null, null, null, null, 'decided', format('decided by %s: %s', p_actor, p_reason), null);
end
$$;
