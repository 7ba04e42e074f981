-- record_tip(vendor, tip change, outcome, code, reason, wait seconds) → the change's status
--
-- Why      Commits what the terminal said of a tip, or that it did not say. An approval moves the payment, the order and
--          the session's totals in the same transaction. p_outcome is as in record_outcome; a doubt stays due for a
--          look-up, and if no look-up can end it any more, a person is told.
-- Writes   tip_changes, payment_transactions; what take_tip writes when it is approved; reconciliation_items.
-- Locks    order → payment → session.
-- Repeats  Safe: a change that is settled stays as it is.
-- Raises   RU002 attempt_not_found
create or replace function ringup.record_tip(
    p_vendor_id uuid, p_tip_id uuid, p_outcome text, p_code text, p_reason text, p_wait_seconds double precision
)
returns text
language plpgsql security definer set search_path = ''
as $$
declare
    v_event   text := case when p_outcome in ('approved', 'declined') then p_outcome
                           when p_outcome in ('in_doubt', 'unanswerable') then 'in_doubt' else 'not_sent' end;
    v_payment ringup.payment_transactions;
    v_tip     ringup.tip_changes;
    v_session uuid;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_payment := ringup.lock_payment(p_vendor_id, (
        select t.payment_id from ringup.tip_changes t where t.vendor_id = p_vendor_id and t.id = p_tip_id));
    select * into v_tip from ringup.tip_changes t where t.vendor_id = p_vendor_id and t.id = p_tip_id;
    if v_tip.status not in ('processing', 'unknown') then
        return v_tip.status;
    end if;

    if v_event = 'approved' then
        v_session := ringup.take_tip(v_payment, v_tip);
    end if;
    update ringup.payment_transactions p
       set tip_change_id = case when v_event = 'in_doubt' then p.tip_change_id end,
           check_count = case when v_event = 'in_doubt' then p.check_count + 1 else 0 end,
           next_check_at = case when v_event = 'in_doubt' then ringup.now() + least(
                                    make_interval(secs => p_wait_seconds), ringup.doubt_delay(p.check_count))
                                when p.capture_status = 'pending' then ringup.capture_due_at(p) end,
           updated_at = ringup.now()
     where p.vendor_id = p_vendor_id and p.id = v_payment.id;
    update ringup.tip_changes t
       set error_code = p_code, error_message = left(p_reason, 500),
           settled_at = case when v_event <> 'in_doubt' then ringup.now() end,
           status = ringup.next_state('tip', t.status, v_event),
           register_session_id = v_session, is_late = coalesce(v_session <> v_payment.register_session_id, false)
     where t.vendor_id = p_vendor_id and t.id = p_tip_id
    returning t.* into v_tip;
    if p_outcome = 'unanswerable' then
        perform ringup.raise_item(
            p_vendor_id, 'tip_unanswerable', v_payment.payment_processor_id, v_payment.id, v_payment.reference_id,
            v_tip.tip_minor, format('a tip is in doubt, and the terminal can no longer tell: %s', p_reason));
    elsif v_event <> 'in_doubt' then
        perform ringup.settle_item(p_vendor_id, 'tip_unanswerable', v_payment.reference_id,
                                   format('found out: %s', p_outcome));
    end if;
    return v_tip.status;
end
$$;
