-- record_refund(payment, outcome, approved, voided, …) → nothing
--
-- Why      Commits what the terminal said of paying back, or that it did not say. Money that is back is written down
--          whatever else fails: if the rest of the refund cannot follow, a person is told.
-- Writes   payment_transactions, payment_processors; reconciliation_items; and what finish_refund writes.
-- Locks    The caller holds order → payment; then the refund, and what finish_refund locks.
-- Repeats  Called once per answer; record_outcome sees to it.
-- Raises   RU101 transition_not_allowed
create or replace function ringup.record_refund(
    p_payment ringup.payment_transactions, p_outcome text, p_approved_minor bigint, p_voided boolean,
    p_auth_code text, p_card_brand text, p_card_last4 text,
    p_batch_number text, p_transaction_number text, p_host_reference text,
    p_code text, p_reason text, p_wait_seconds double precision
)
returns void
language plpgsql
as $$
declare
    v_is_void boolean := p_payment.refund_way = 'void';
    v_outcome text := case
        -- A return that was itself voided has paid nothing back.
        when p_outcome in ('approved', 'partially_approved')
            then case when p_voided and not v_is_void then 'declined' else 'approved' end
        -- A void that may have been done earlier is not undone by being refused a hearing now.
        when v_is_void and p_payment.status = 'unknown' and p_outcome in ('busy', 'not_sent')
             and p_code is distinct from 'decided' then 'in_doubt'
        when v_is_void and p_outcome = 'not_sent' and p_code is distinct from 'decided' then 'busy'
        else p_outcome end;
begin
    if v_outcome = 'approved' and p_payment.status in ('created', 'processing', 'unknown', 'declined', 'error') then
        update ringup.payment_transactions p
           set status = ringup.next_state('payment', p.status, 'approved'),
               approved_minor = case when v_is_void then p.amount_minor else p_approved_minor end,
               auth_code = p_auth_code, card_brand = p_card_brand, card_last4 = p_card_last4,
               batch_number = coalesce(p_batch_number, p.batch_number), transaction_number = p_transaction_number,
               host_reference = p_host_reference, error_code = null, error_message = null,
               settled_at = ringup.now(), updated_at = ringup.now(), next_check_at = null, check_count = 0
         where p.vendor_id = p_payment.vendor_id and p.id = p_payment.id;
        perform ringup.follow_refund(p_payment, p_approved_minor);
    elsif p_payment.status in ('processing', 'unknown') and v_outcome in ('in_doubt', 'unanswerable') then
        perform ringup.doubt_refund(p_payment, p_code, p_reason, p_wait_seconds, v_outcome = 'unanswerable');
    elsif p_payment.status in ('processing', 'unknown') then
        perform ringup.refuse_refund(p_payment, v_outcome, p_code, p_reason);
    end if;
end
$$;
