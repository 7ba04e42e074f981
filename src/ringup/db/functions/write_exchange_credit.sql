-- write_exchange_credit(earlier order, refund, credit) → nothing
--
-- Why      What of the earlier sale's money pays new goods: an attempt to pay back each charge, of the kind exchange, which
--          goes to nobody but the new sale.
-- Writes   payment_transactions (one 'created' row for each charge that the credit is taken from).
-- Locks    The caller holds the order.
-- Repeats  Not idempotent; called once, after what goes back in money is planned.
-- Raises   Nothing; the caller made sure that so much is left.
create or replace function ringup.write_exchange_credit(
    p_returned_order ringup.orders, p_refund ringup.refunds, p_credit_minor bigint
)
returns void
language plpgsql
as $$
declare
    v_charge record;
    v_id     uuid;
    v_part   bigint;
    v_rest   bigint := p_credit_minor;
begin
    for v_charge in select * from ringup.refundable_charges(p_returned_order) loop
        v_part := least(v_rest, v_charge.left_minor);
        continue when v_part <= 0;
        v_id := ringup.new_id();
        insert into ringup.payment_transactions (
            vendor_id, id, order_id, kind, tender_number, tender_type, status, amount_minor, currency,
            reference_id, refund_id, refunds_payment_id, created_at, updated_at)
        values (
            p_refund.vendor_id, v_id, p_refund.order_id, 'refund', v_charge.tender_number, 'exchange', 'created',
            v_part, p_refund.currency, replace(v_id::text, '-', ''), p_refund.id, v_charge.charge_id,
            ringup.now(), ringup.now());
        v_rest := v_rest - v_part;
    end loop;
    assert v_rest = 0, 'the credit is no more than what is left of the charges';
end
$$;
