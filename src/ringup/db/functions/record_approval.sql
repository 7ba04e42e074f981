-- record_approval(payment, outcome, …) → nothing
--
-- Why      The money moved. If the order still wants it, the order goes on; if the order has ended, is to
--          end, or got less than it asked for and takes no parts, the money goes back.
-- Writes   payment_transactions, payment_processors (last_batch_number), orders, order_events, and what end_unpaid writes.
-- Locks    The processor row when the batch changed; the caller holds order → payment.
-- Repeats  Called once per approval; record_outcome sees to it.
-- Raises   RU101 transition_not_allowed
create or replace function ringup.record_approval(
    p_payment ringup.payment_transactions, p_outcome text,
    p_approved_minor bigint, p_tip_minor bigint, p_captured boolean, p_voided boolean,
    p_auth_code text, p_card_brand text, p_card_last4 text,
    p_batch_number text, p_transaction_number text, p_host_reference text
)
returns void
language plpgsql
as $$
declare
    v_status  text;
    v_event   text;
    v_kept    boolean := false;
    v_due     bigint;
    v_goes_on boolean;
    v_waits   boolean;
    v_lease   timestamptz;
begin
    update ringup.payment_transactions p
       set status = case when p_voided then 'voided' else ringup.next_state('payment', p.status, 'approved') end,
           approved_minor = p_approved_minor, tip_minor = least(p_tip_minor, p.amount_minor, p_approved_minor),
           capture_status = case when p_captured or p_voided then 'not_needed' else 'pending' end,
           auth_code = p_auth_code, card_brand = p_card_brand, card_last4 = p_card_last4,
           batch_number = p_batch_number, transaction_number = p_transaction_number, host_reference = p_host_reference,
           error_code = null, error_message = null,
           settled_at = ringup.now(), updated_at = ringup.now(), next_check_at = null, check_count = 0
     where p.vendor_id = p_payment.vendor_id and p.id = p_payment.id;
    update ringup.payment_processors t
       set last_batch_number = p_batch_number
     where t.vendor_id = p_payment.vendor_id and t.id = p_payment.payment_processor_id
       and t.last_batch_number is distinct from p_batch_number and p_batch_number is not null;
    if p_outcome = 'partially_approved' and not p_voided then
        v_kept := ringup.keep_part(p_payment, p_approved_minor);
    end if;
    select o.status, coalesce(o.cancel_event, case when (p_outcome = 'partially_approved' and not v_kept) or p_voided
                                                   then 'payment_refused' end),
           o.due_minor, coalesce(bool_or(q.status = 'created'), false), count(q.status) > 0
      into v_status, v_event, v_due, v_goes_on, v_waits
      from ringup.orders o
      left join ringup.payment_transactions q
        on q.vendor_id = o.vendor_id and q.order_id = o.id
       and q.tender_type = 'card' and q.status in ('created', 'processing', 'unknown')
     where o.vendor_id = p_payment.vendor_id and o.id = p_payment.order_id
     group by o.status, o.cancel_event, o.due_minor;
    -- Whoever drives the order goes on at once; if nobody does, recovery soon may. To wait for a tender needs no lease.
    v_lease := ringup.now() + case when v_goes_on then interval '60 seconds'
                                   when v_due > 0 and v_event is null and not v_waits then interval '0'
                                   else interval '15 seconds' end;
    if v_status in ('pending_payment', 'payment_processing') and (v_event is not null or v_waits or v_due > 0) then
        update ringup.orders o
           set lease_until = v_lease
         where o.vendor_id = p_payment.vendor_id and o.id = p_payment.order_id;
    end if;
    if v_status in ('payment_failed', 'cancelled') then
        perform ringup.undo_charges(p_payment.vendor_id, p_payment.order_id);
        perform ringup.advance_order(p_payment.vendor_id, p_payment.order_id, 'charge_found',
                                     jsonb_build_object('payment_id', p_payment.id, 'approved_minor', p_approved_minor));
    elsif v_event is not null then
        perform ringup.end_unpaid(
            p_payment.vendor_id, p_payment.order_id, v_event,
            case when p_outcome = 'partially_approved' then 'partially_approved' else 'checkout_cancelled' end,
            case when p_outcome = 'partially_approved'
                 then format('the card was approved for %s of %s only; that is being given back',
                             p_approved_minor, p_payment.amount_minor)
                 else 'the payment was approved after the checkout was cancelled; it is being given back' end);
    elsif not v_waits and v_due = 0 then
        perform ringup.advance_order(p_payment.vendor_id, p_payment.order_id, 'fully_paid',
                                     jsonb_build_object('payment_id', p_payment.id), v_lease);
    end if;
end
$$;
