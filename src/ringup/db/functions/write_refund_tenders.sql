-- write_refund_tenders(order, refund, amount, tender type, external reference) → nothing
--
-- Why      Every way in which money of the refund goes back is planned before anybody is asked.
-- Writes   payment_transactions (one row for each charge that is paid back), refunds (what they come to).
-- Locks    The caller holds the order.
-- Repeats  Not idempotent; called once for each refund.
-- Raises   RU202 tenders_do_not_add_up; and what plan_refund_tenders raises
create or replace function ringup.write_refund_tenders(
    p_order ringup.orders, p_refund ringup.refunds, p_amount_minor bigint, p_tender_type text, p_external_reference text
)
returns void
language plpgsql
as $$
declare
    v_tender record;
begin
    for v_tender in select * from ringup.plan_refund_tenders(p_order, p_amount_minor, p_tender_type) loop
        perform ringup.write_refund_payment(
            p_refund, v_tender.charge_id, v_tender.amount_minor - v_tender.rounding_minor, v_tender.tender_type,
            p_external_reference);
    end loop;
    perform ringup.total_refund(p_refund);
end
$$;
