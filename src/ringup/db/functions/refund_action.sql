-- refund_action(order, tender type, without receipt) → the action whose rule is asked for giving back
--
-- Why      To where the money came from is one thing, in another way is another, and without a receipt is the third,
--          whichever way.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.refund_action(
    p_order ringup.orders, p_tender_type text, p_without_receipt boolean
)
returns text
language plpgsql stable
as $$
begin
    return case
        when p_without_receipt then 'refund_without_receipt'
        when exists (select from ringup.payment_transactions p
                      where p.vendor_id = p_order.vendor_id and p.order_id = p_order.id and p.kind = 'charge'
                        and p.status = 'approved' and p.tender_type <> p_tender_type) then 'refund_other_tender'
        else 'refund_linked' end;
end
$$;
