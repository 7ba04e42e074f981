-- refuse_refund(payment, outcome, code, reason) → nothing
--
-- Why      Certainly nothing was paid back by this attempt. A terminal that was merely busy may be asked again with the
--          same reference. A charge that the processor will not void any more is paid back by a return, which is another
--          attempt with a reference of its own. Anything else leaves the refund open, for another tender.
-- Writes   payment_transactions, payment_processors (next_health_check_at).
-- Locks    The caller holds order → payment.
-- Repeats  Called once per answer.
-- Raises   RU101 transition_not_allowed
create or replace function ringup.refuse_refund(
    p_payment ringup.payment_transactions, p_outcome text, p_code text, p_reason text
)
returns void
language plpgsql
as $$
declare
    v_event  text := case p_outcome when 'busy' then 'put_back' else p_outcome end;
    v_refund ringup.refunds;
begin
    update ringup.payment_transactions p
       set status = ringup.next_state('payment', p.status, v_event),
           refund_way = case when v_event <> 'put_back' then p.refund_way end,
           error_code = p_code, error_message = left(p_reason, 500), next_check_at = null, check_count = 0,
           settled_at = case when v_event <> 'put_back' then ringup.now() end, updated_at = ringup.now()
     where p.vendor_id = p_payment.vendor_id and p.id = p_payment.id;
    if p_outcome = 'not_sent' then
        perform ringup.want_health_check(p_payment);
    end if;
    if p_outcome = 'declined' and p_payment.refund_way = 'void' then
        select * into v_refund from ringup.refunds r
         where r.vendor_id = p_payment.vendor_id and r.id = p_payment.refund_id;
        perform ringup.write_refund_payment(v_refund, p_payment.refunds_payment_id, p_payment.amount_minor, 'card', null);
    end if;
end
$$;
