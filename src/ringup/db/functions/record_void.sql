-- record_void(vendor, payment, outcome, code, reason, wait seconds) → the payment's status
--
-- Why      Commits what came of asking for the money back. 'approved' ends it. 'declined' says that the processor
--          will never void it: the payment is approved again, and waits as an open item for a person to pay
--          it back. Anything else is asked again.
-- Writes   payment_transactions, orders, order_events; reconciliation_items when it is refused.
-- Locks    order → payment.
-- Repeats  Safe: a payment that is not voiding stays as it is.
-- Raises   RU002 attempt_not_found
create or replace function ringup.record_void(
    p_vendor_id uuid, p_payment_id uuid, p_outcome text, p_code text, p_reason text, p_wait_seconds double precision
)
returns text
language plpgsql security definer set search_path = ''
as $$
declare
    v_payment ringup.payment_transactions;
    v_event   text := case p_outcome when 'approved' then 'voided' when 'declined' then 'void_refused' end;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_payment := ringup.lock_payment(p_vendor_id, p_payment_id);
    if v_payment.status <> 'voiding' then
        return v_payment.status;
    end if;

    update ringup.payment_transactions p
       set status = case when v_event is null then p.status else ringup.next_state('payment', p.status, v_event) end,
           capture_status = case when p_outcome = 'approved' and p.capture_status in ('pending', 'failed')
                                 then ringup.next_state('capture', p.capture_status, 'dropped')
                                 else p.capture_status end,
           error_code = p_code, error_message = left(p_reason, 500), updated_at = ringup.now(),
           -- Standing in line at a busy terminal is no doubt, and no step towards asking once a day.
           check_count = p.check_count + (p_outcome <> 'busy')::integer,
           next_check_at = case when v_event is null then ringup.now() + coalesce(
               make_interval(secs => p_wait_seconds),
               least(ringup.doubt_delay(p.check_count), interval '1 minute')) end
     where p.vendor_id = p_vendor_id and p.id = p_payment_id
    returning p.* into v_payment;
    if p_outcome = 'approved' then
        perform ringup.advance_order(p_vendor_id, v_payment.order_id, 'charge_undone',
                                     jsonb_build_object('payment_id', p_payment_id));
    end if;
    if v_event = 'void_refused' then
        perform ringup.raise_item(
            p_vendor_id, 'void_refused', v_payment.payment_processor_id, p_payment_id, v_payment.reference_id,
            v_payment.approved_minor, format('the processor will not void it: %s', p_reason));
    end if;
    return v_payment.status;
end
$$;
