-- record_capture(vendor, payment, outcome, code, reason, wait seconds) → the payment's capture status
--
-- Why      Commits what came of taking the money that an approval had set aside. 'declined' says that the processor
--          refuses it: a person has to act. Anything short of an answer is asked again.
-- Writes   payment_transactions; reconciliation_items when it is refused, or a person was told that it expires.
-- Locks    order → payment.
-- Repeats  Safe: what is captured stays captured.
-- Raises   RU002 attempt_not_found
create or replace function ringup.record_capture(
    p_vendor_id uuid, p_payment_id uuid, p_outcome text, p_code text, p_reason text, p_wait_seconds double precision
)
returns text
language plpgsql security definer set search_path = ''
as $$
declare
    v_payment ringup.payment_transactions;
    v_event   text := case p_outcome when 'approved' then 'captured' when 'declined' then 'capture_refused' end;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_payment := ringup.lock_payment(p_vendor_id, p_payment_id);
    if v_payment.status <> 'approved' or v_payment.capture_status <> 'pending' then
        return v_payment.capture_status;
    end if;

    update ringup.payment_transactions p
       set capture_status = case when v_event is null then p.capture_status
                                 else ringup.next_state('capture', p.capture_status, v_event) end,
           error_code = p_code, error_message = left(p_reason, 500), updated_at = ringup.now(),
           -- Standing in line at a busy terminal is no doubt, and no step towards asking once a day.
           check_count = p.check_count + (p_outcome <> 'busy')::integer,
           next_check_at = case when v_event is null then ringup.now() + coalesce(
               make_interval(secs => p_wait_seconds),
               least(ringup.doubt_delay(p.check_count), interval '1 minute')) end
     where p.vendor_id = p_vendor_id and p.id = p_payment_id
    returning p.* into v_payment;
    if v_event is not null then
        perform ringup.settle_item(p_vendor_id, 'capture_expiring', v_payment.reference_id,
                                   format('it is %s', v_payment.capture_status));
    end if;
    if v_event = 'capture_refused' then
        perform ringup.raise_item(
            p_vendor_id, 'capture_refused', v_payment.payment_processor_id, p_payment_id, v_payment.reference_id,
            v_payment.approved_minor, format('the processor will not capture it: %s', p_reason));
    end if;
    return v_payment.capture_status;
end
$$;
