-- decide_payment(vendor, payment, outcome, approved, reason, actor) → the order's status and what to do next
--
-- Why      A person has evidence that no inquiry gives: a batch report, the customer's statement. p_outcome is
--          approved or not_sent. The decision needs a reason, is recorded with a name, and what follows from it
--          follows by the same rules as from a terminal's answer: less than was asked for goes back. Nobody has
--          evidence about a request that a terminal is still working on.
--          A tip in doubt is decided in the same way.
-- Writes   audit_log, and what record_outcome or record_tip writes.
-- Locks    order → payment → customer → inventory.
-- Repeats  Safe: a payment that is no longer in doubt refuses.
-- Raises   RU002 attempt_not_found · RU107 payment_in_doubt · RU108 outcome_conflict · RU204 amount_out_of_range
--          RU208 reason_missing
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
    if v_payment.tip_change_id is not null then
        perform ringup.decide_tip(v_payment, p_outcome, p_approved_minor, p_reason, p_actor);
        return query
            select o.status, s.step, s.payment_id, s.processor_id
              from ringup.orders o, ringup.next_step(p_vendor_id, v_payment.order_id) as s
             where o.vendor_id = p_vendor_id and o.id = v_payment.order_id;
        return;
    elsif v_payment.status not in ('processing', 'unknown') then
        raise exception using errcode = 'RU108',
            message = format('the payment is %s; there is nothing to decide', v_payment.status),
            detail = json_build_object('status', v_payment.status)::text;
    end if;
    if v_payment.status = 'processing' and v_payment.next_check_at > ringup.now() then
        raise exception using errcode = 'RU107',
            message = format('the terminal is still being asked, until %s at the latest', v_payment.next_check_at),
            detail = json_build_object('checkout_id', v_payment.order_id, 'until', v_payment.next_check_at)::text;
    end if;
    if p_approved_minor is not null
       and (p_outcome <> 'approved' or p_approved_minor not between 1 and v_payment.amount_minor) then
        raise exception using errcode = 'RU204',
            message = format('%s of %s is not what a card was charged; if it was more, have it voided there, and then '
                             'decide that it was not charged', p_approved_minor, v_payment.amount_minor);
    end if;
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'payment_decided', 'payment', p_payment_id::text,
        jsonb_build_object('status', v_payment.status, 'error_message', v_payment.error_message),
        jsonb_build_object('outcome', p_outcome, 'approved_minor', p_approved_minor, 'reason', p_reason));
    return query
        select *
          from ringup.record_outcome(
              p_vendor_id, p_payment_id,
              case when p_approved_minor < v_payment.amount_minor then 'partially_approved' else p_outcome end,
              coalesce(p_approved_minor, v_payment.amount_minor), v_payment.tip_minor, true, false,
              null, null, null, null, null, null, 'decided', format('decided by %s: %s', p_actor, p_reason), null);
end
$$;
