-- begin_refund(vendor, payment, way, lease seconds) → whether the caller may ask the terminal, else what to do
--
-- Why      Commits the intent, and the way, before the first byte leaves. Only the caller that gets yours = true may ask;
--          everybody else looks up. The row is due when the lease ends, so a crash from here on is found.
--          p_way is void or return.
-- Writes   payment_transactions (status, refund_way, sent_at, next_check_at), refunds (lease_until).
-- Locks    order → payment → refund.
-- Repeats  Safe: yours = false for a payment that was begun before.
-- Raises   RU002 attempt_not_found · RU101 transition_not_allowed · RU106 terminal_busy
--          · RU151 payment_not_captured
create or replace function ringup.begin_refund(
    p_vendor_id uuid, p_payment_id uuid, p_way text, p_lease_seconds integer
)
returns table (yours boolean, status text, step text, payment_id uuid, processor_id uuid)
language plpgsql security definer set search_path = ''
as $$
declare
    v_payment ringup.payment_transactions;
    v_choice  record;
    v_now     timestamptz;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_payment := ringup.lock_payment(p_vendor_id, p_payment_id);
    if v_payment.status = 'created' then
        select * into v_choice from ringup.read_refund_choice(p_vendor_id, p_payment_id);
        if v_choice.capture_status in ('pending', 'failed') then
            raise exception using errcode = 'RU151',
                message = format('the charge is not captured (%s): there is nothing to pay back yet', v_choice.capture_status),
                detail = json_build_object('capture_status', v_choice.capture_status)::text;
        end if;
        assert p_way = 'return' or v_choice.may_void, 'a void takes all of a charge back, once';
        v_now := ringup.now();
        begin
            update ringup.payment_transactions p
               set status = ringup.next_state('payment', p.status, 'sent'), refund_way = p_way,
                   sent_at = v_now, updated_at = v_now,
                   batch_number = (select t.last_batch_number from ringup.payment_processors t
                                    where t.vendor_id = p_vendor_id and t.id = p.payment_processor_id),
                   next_check_at = v_now + make_interval(secs => p_lease_seconds)
             where p.vendor_id = p_vendor_id and p.id = p_payment_id;
        exception when unique_violation then
            raise exception using errcode = 'RU106',
                message = 'the terminal is working on another payment, or has one in doubt',
                detail = json_build_object('processor_id', v_payment.payment_processor_id)::text;
        end;
        update ringup.refunds r
           set lease_until = v_now + make_interval(secs => p_lease_seconds), updated_at = v_now
         where r.vendor_id = p_vendor_id and r.id = v_payment.refund_id;
    end if;
    return query
        select v_payment.status = 'created', s.status, s.step, s.payment_id, s.processor_id
          from ringup.next_refund_step(p_vendor_id, v_payment.refund_id) as s;
end
$$;
