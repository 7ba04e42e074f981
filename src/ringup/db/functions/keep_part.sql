-- keep_part(payment, approved) → whether the part is kept
--
-- Why      A card was approved for less than was asked. Where the till takes parts, this one counts, and what it left
--          is due by another tender for as long as the holds last, and for 150 seconds at least.
-- Writes   orders, order_events.
-- Locks    The caller holds order → payment.
-- Repeats  Called once per approval; record_outcome sees to it.
-- Raises   Nothing.
create or replace function ringup.keep_part(p_payment ringup.payment_transactions, p_approved_minor bigint)
returns boolean
language plpgsql
as $$
declare
    v_due bigint;
begin
    update ringup.orders o
       set due_minor = o.due_minor + p_payment.amount_minor - p_approved_minor
     where o.vendor_id = p_payment.vendor_id and o.id = p_payment.order_id
       and o.accepts_partial and o.status = 'payment_processing' and o.cancel_event is null
       and p_approved_minor < p_payment.amount_minor
    returning o.due_minor into v_due;
    if not found then
        return false;
    end if;
    perform ringup.advance_order(
        p_payment.vendor_id, p_payment.order_id, 'part_kept',
        jsonb_build_object('payment_id', p_payment.id, 'tender', p_payment.tender_number,
                           'amount_minor', p_payment.amount_minor, 'approved_minor', p_approved_minor,
                           'due_minor', v_due),
        p_hold_until => ringup.now() + interval '150 seconds');
    return true;
end
$$;
