-- record_outcome(vendor, payment, outcome, …) → the order's status and what to do next
--
-- Why      Commits what the terminal said, or that it did not say. An approval for an order that can no
--          longer complete becomes a void in the same transaction; a doubt stays due for a look-up.
--          p_outcome is approved, partially_approved, declined, not_sent, busy, in_doubt, or unanswerable: a doubt
--          that no look-up can end any more, of which a person is told. A refund's attempt goes the same way.
-- Writes   payment_transactions, orders, order_events; and what end_unpaid writes, when nothing more can come;
--          reconciliation_items for a doubt that is unanswerable, or was and is found out.
-- Locks    order → payment → customer → inventory.
-- Repeats  Safe: the same answer for a payment that is settled changes nothing. A later approval of a payment that
--          was thought uncharged, or was put back by a stale "busy", is accepted; and undone if the order has ended.
-- Raises   RU002 attempt_not_found · RU108 outcome_conflict
create or replace function ringup.record_outcome(
    p_vendor_id uuid, p_payment_id uuid, p_outcome text,
    p_approved_minor bigint, p_tip_minor bigint, p_captured boolean, p_voided boolean,
    p_auth_code text, p_card_brand text, p_card_last4 text,
    p_batch_number text, p_transaction_number text, p_host_reference text,
    p_code text, p_reason text, p_wait_seconds double precision
)
returns table (status text, step text, payment_id uuid, processor_id uuid)
language plpgsql security definer set search_path = ''
as $$
declare
    v_payment ringup.payment_transactions;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_payment := ringup.lock_payment(p_vendor_id, p_payment_id);
    if v_payment.kind = 'refund' then
        perform ringup.record_refund(
            v_payment, p_outcome, p_approved_minor, p_voided, p_auth_code, p_card_brand, p_card_last4,
            p_batch_number, p_transaction_number, p_host_reference, p_code, p_reason, p_wait_seconds);
    elsif p_outcome in ('approved', 'partially_approved') then
        if v_payment.status in ('created', 'processing', 'unknown', 'declined', 'error') then
            perform ringup.record_approval(
                v_payment, p_outcome, p_approved_minor, p_tip_minor, p_captured, p_voided, p_auth_code, p_card_brand,
                p_card_last4, p_batch_number, p_transaction_number, p_host_reference);
        end if;
    elsif v_payment.status in ('processing', 'unknown') then
        if p_outcome in ('in_doubt', 'unanswerable') then
            perform ringup.record_doubt(v_payment, p_code, p_reason, p_wait_seconds, p_outcome = 'unanswerable');
        else
            perform ringup.record_refusal(v_payment, p_outcome, p_code, p_reason);
        end if;
    elsif v_payment.status in ('approved', 'voiding', 'voided') and p_outcome in ('declined', 'not_sent') then
        raise exception using errcode = 'RU108',
            message = format('the payment is %s, and now said to be %s', v_payment.status, p_outcome),
            detail = json_build_object('status', v_payment.status, 'outcome', p_outcome)::text;
    end if;
    if v_payment.status = 'unknown' and p_outcome not in ('in_doubt', 'unanswerable') then
        perform ringup.settle_item(p_vendor_id, 'doubt_unanswerable', v_payment.reference_id,
                                   format('found out: %s', p_outcome));
    end if;
    if v_payment.kind = 'refund' then
        return query select * from ringup.next_refund_step(p_vendor_id, v_payment.refund_id);
        return;
    end if;
    return query
        select o.status, s.step, s.payment_id, s.processor_id
          from ringup.orders o, ringup.next_step(p_vendor_id, v_payment.order_id) as s
         where o.vendor_id = p_vendor_id and o.id = v_payment.order_id;
end
$$;
