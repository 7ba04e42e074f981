-- follow_refund(payment as it was, approved) → nothing
--
-- Why      The money is back: the rest of the refund follows, if it was the last that was missing. What goes wrong there
--          must not lose the knowledge that the money is back, so a person is told and the refund stays open. Money that
--          goes back after it was thought refused may be back twice; that, and another amount, is for a person too.
-- Writes   What finish_refund writes; or reconciliation_items.
-- Locks    The caller holds order → payment; then what finish_refund locks.
-- Repeats  Called once per approval.
-- Raises   Nothing.
create or replace function ringup.follow_refund(p_payment ringup.payment_transactions, p_approved_minor bigint)
returns void
language plpgsql
as $$
declare
    v_refund ringup.refunds := ringup.lock_refund(p_payment.vendor_id, p_payment.refund_id);
begin
    if p_payment.status in ('declined', 'error') and (v_refund.status <> 'open' or exists (
            select from ringup.payment_transactions p
             where p.vendor_id = p_payment.vendor_id and p.refunds_payment_id = p_payment.refunds_payment_id
               and p.kind = 'refund' and p.tender_type <> 'exchange' and p.id <> p_payment.id and p.status not in ('declined', 'error'))) then
        perform ringup.raise_item(
            p_payment.vendor_id, 'refunded_twice', p_payment.payment_processor_id, p_payment.id,
            p_payment.reference_id, p_approved_minor,
            'paid back to a card after it was thought refused, and perhaps in another way as well');
        return;
    end if;
    if p_payment.refund_way = 'return' and p_approved_minor <> p_payment.amount_minor then
        perform ringup.raise_item(
            p_payment.vendor_id, 'amount_differs', p_payment.payment_processor_id, p_payment.id,
            p_payment.reference_id, p_approved_minor,
            format('the terminal paid back %s, and was asked for %s', p_approved_minor, p_payment.amount_minor));
    end if;
    perform ringup.finish_refund(p_payment.vendor_id, p_payment.refund_id);
exception when others then
    perform ringup.raise_item(
        p_payment.vendor_id, 'refund_unfinished', p_payment.payment_processor_id, p_payment.id,
        p_payment.reference_id, p_approved_minor, format('the money is back, and the rest failed: %s', sqlerrm));
end
$$;
