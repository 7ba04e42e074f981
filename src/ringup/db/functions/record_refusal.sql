-- record_refusal(payment, outcome, code, reason) → nothing
--
-- Why      Certainly no money moved. A terminal that was merely busy may be asked again with the same
--          reference; anything else ends the order, all or nothing.
-- Writes   payment_transactions, orders, order_events, and what end_unpaid writes.
-- Locks    The caller holds order → payment.
-- Repeats  Called once per answer; record_outcome sees to it.
-- Raises   RU101 transition_not_allowed
create or replace function ringup.record_refusal(
    p_payment ringup.payment_transactions, p_outcome text, p_code text, p_reason text
)
returns void
language plpgsql
as $$
declare
    v_event text := case p_outcome when 'busy' then 'put_back' else p_outcome end;
    v_order ringup.orders;
begin
    update ringup.payment_transactions p
       set status = ringup.next_state('payment', p.status, v_event),
           error_code = p_code, error_message = left(p_reason, 500), next_check_at = null, check_count = 0,
           settled_at = case when v_event <> 'put_back' then ringup.now() end, updated_at = ringup.now()
     where p.vendor_id = p_payment.vendor_id and p.id = p_payment.id;
    if v_event = 'not_sent' then
        perform ringup.want_health_check(p_payment);
    end if;
    v_order := ringup.lock_order(p_payment.vendor_id, p_payment.order_id);
    if v_order.cancel_event is null and v_event = 'put_back' then
        return;
    end if;
    if v_order.status in ('pending_payment', 'payment_processing', 'payment_authorized') then
        perform ringup.end_unpaid(
            p_payment.vendor_id, p_payment.order_id, coalesce(v_order.cancel_event, 'payment_refused'),
            case when v_order.cancel_event is not null then 'checkout_cancelled'
                 when p_outcome = 'declined' then 'card_declined'
                 else 'payment_not_sent' end,
            left(p_reason, 500));
    end if;
end
$$;
