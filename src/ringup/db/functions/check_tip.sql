-- check_tip(order, payment, tip) → the card payment whose tip may be changed to that, locked
--
-- Why      A tip is changed while the processor can still do it: the sale is completed and nothing of it was paid back,
--          the card was approved, its money is not captured, and its batch is not closed. It is at most so much of what
--          the card paid without it as the terminal's setting tip_percent_max says, or 100 percent.
-- Writes   Nothing.
-- Locks    The payment; the caller holds the order.
-- Repeats  Safe.
-- Raises   RU002 attempt_not_found · RU107 payment_in_doubt · RU190 tip_not_adjustable
--          · RU204 amount_out_of_range · RU290 tip_too_large
create or replace function ringup.check_tip(p_order ringup.orders, p_payment_id uuid, p_tip_minor bigint)
returns ringup.payment_transactions
language plpgsql
as $$
declare
    v_payment   ringup.payment_transactions;
    v_processor ringup.payment_processors;
    v_why       text;
    v_most      bigint;
begin
    v_payment := ringup.lock_payment(p_order.vendor_id, ringup.tipped_card(p_order, p_payment_id));
    select * into v_processor from ringup.payment_processors t
     where t.vendor_id = p_order.vendor_id and t.id = v_payment.payment_processor_id;
    if v_payment.tip_change_id is not null then
        raise exception using errcode = 'RU107',
            message = 'the tip of this card is being changed just now, and it must be found out first',
            detail = json_build_object('payment_id', v_payment.id)::text;
    end if;
    v_why := case
        when p_order.status <> 'completed' then format('the sale is %s', p_order.status)
        when exists (select from ringup.refunds r
                      where r.vendor_id = p_order.vendor_id and r.order_id = p_order.id and r.status <> 'cancelled')
            then 'money of the sale is going back'
        when v_payment.status <> 'approved' then format('the payment is %s', v_payment.status)
        when v_payment.capture_status in ('captured', 'failed')
            then format('its capture is %s', v_payment.capture_status)
        when v_payment.batch_number <> v_processor.last_batch_number then 'its batch is closed'
    end;
    if v_why is not null then
        raise exception using errcode = 'RU190', message = format('the tip cannot be changed any more: %s', v_why),
            detail = json_build_object('payment_id', v_payment.id, 'state', p_order.status)::text;
    end if;
    v_most := (v_payment.approved_minor - v_payment.tip_minor)
              * ringup.tip_percent_max(v_processor.settings) / 100;
    if p_tip_minor < 0 then
        raise exception using errcode = 'RU204', message = 'a tip is not less than nothing';
    elsif p_tip_minor > v_most then
        raise exception using errcode = 'RU290',
            message = format('the tip is %s, and at most %s is taken on this card', p_tip_minor, v_most),
            detail = json_build_object('maximum_minor', v_most)::text;
    end if;
    return v_payment;
end
$$;
