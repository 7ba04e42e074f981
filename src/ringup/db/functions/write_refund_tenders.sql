-- write_refund_tenders(refund, tender type, external reference) → nothing
--
-- Why      The money goes back to where it came from, in the order of the tenders, and of each no more than was
--          captured of it and is not back. Another tender type is for all of it.
-- Writes   payment_transactions (one row for each charge that is paid back).
-- Locks    The caller holds the order.
-- Repeats  Not idempotent; called once for each refund.
-- Raises   RU130 refund_too_large · RU240 tender_not_refundable · RU202 tenders_do_not_add_up
create or replace function ringup.write_refund_tenders(
    p_refund ringup.refunds, p_tender_type text, p_external_reference text
)
returns void
language plpgsql
as $$
declare
    v_charge ringup.payment_transactions;
    v_part   bigint;
    v_rest   bigint := p_refund.amount_minor;
begin
    for v_charge in
        select * from ringup.payment_transactions p
         where p.vendor_id = p_refund.vendor_id and p.order_id = p_refund.order_id
           and p.kind = 'charge' and p.status = 'approved'
         order by p.tender_number
    loop
        v_part := least(v_rest, ringup.refundable_of(v_charge));
        if v_part > 0 then
            perform ringup.write_refund_payment(
                p_refund, v_charge, v_part, coalesce(p_tender_type, v_charge.tender_type), p_external_reference);
            v_rest := v_rest - v_part;
        end if;
    end loop;
    if v_rest > 0 then
        raise exception using errcode = 'RU130',
            message = format('%s is to be paid back, and %s of it was captured and is not back',
                             p_refund.amount_minor, p_refund.amount_minor - v_rest),
            detail = json_build_object('amount_minor', p_refund.amount_minor,
                                       'refundable_minor', p_refund.amount_minor - v_rest)::text;
    end if;
end
$$;
