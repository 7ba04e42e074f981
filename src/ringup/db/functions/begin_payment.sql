-- begin_payment(vendor, payment, lease seconds, hold seconds) → whether the caller may charge, and what, else what to do
--
-- Why      Commits the intent before the first byte leaves. Only the caller that gets yours = true may
--          charge, and is told the attempt; everybody else looks up. The row is due for a look-up when the lease
--          ends, so a crash from here on is found. Holds are extended to outlast the terminal.
-- Writes   payment_transactions (status, sent_at, next_check_at), orders (status, lease_until, hold_until), order_events.
-- Locks    order → payment.
-- Repeats  Safe: yours = false for a payment that was begun before.
-- Raises   RU002 attempt_not_found · RU101 transition_not_allowed · RU106 terminal_busy
create or replace function ringup.begin_payment(
    p_vendor_id uuid, p_payment_id uuid, p_lease_seconds integer, p_hold_seconds integer
)
returns table (
    yours boolean, status text, step text, payment_id uuid, processor_id uuid, reference_id text, amount_minor bigint,
    tip_minor bigint, currency text, exponent smallint, invoice_number text, batch_number text
)
language plpgsql security definer set search_path = ''
as $$
declare
    v_payment ringup.payment_transactions;
    v_order   record;
    v_batch   text;
    v_now     timestamptz;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_payment := ringup.lock_payment(p_vendor_id, p_payment_id);
    select o.id, o.status, o.cancel_event, o.order_number, c.exponent
      into v_order
      from ringup.orders o
      join ringup.currencies c on c.code = o.currency
     where o.vendor_id = p_vendor_id and o.id = v_payment.order_id;
    if v_payment.status <> 'created' or v_order.cancel_event is not null then
        return query
            select false, v_order.status, s.step, s.payment_id, s.processor_id,
                   null::text, null::bigint, null::bigint, null::text, null::smallint, null::text, null::text
              from ringup.next_step(p_vendor_id, v_order.id) as s;
        return;
    end if;

    v_now := ringup.now();
    begin
        update ringup.payment_transactions p
           set status = ringup.next_state('payment', p.status, 'sent'),
               sent_at = v_now, updated_at = v_now,
               batch_number = (select t.last_batch_number from ringup.payment_processors t
                                where t.vendor_id = p_vendor_id and t.id = p.payment_processor_id),
               next_check_at = v_now + make_interval(secs => p_lease_seconds)
         where p.vendor_id = p_vendor_id and p.id = p_payment_id
        returning p.batch_number into v_batch;
    exception when unique_violation then
        raise exception using errcode = 'RU106',
            message = 'the terminal is working on another payment, or has one in doubt',
            detail = json_build_object('processor_id', v_payment.payment_processor_id,
                                       'checkout_id', v_order.id)::text;
    end;
    perform ringup.advance_order(
        p_vendor_id, v_order.id, 'payment_begun',
        jsonb_build_object('payment_id', p_payment_id, 'tender', v_payment.tender_number,
                           'processor_id', v_payment.payment_processor_id, 'amount_minor', v_payment.amount_minor),
        v_now + make_interval(secs => p_lease_seconds),
        v_now + make_interval(secs => p_lease_seconds + p_hold_seconds));
    return query
        select true, 'payment_processing', 'charge', p_payment_id, v_payment.payment_processor_id,
               v_payment.reference_id, v_payment.amount_minor, v_payment.tip_minor, v_payment.currency,
               v_order.exponent, v_order.order_number, v_batch;
end
$$;
