-- return_refunded_value(refund) → nothing
--
-- Why      What goes back to a gift card or becomes store credit is put there when the refund is completed, with all the
--          rest. A card that was disabled or expired since gets it all the same: it was good when this was planned.
-- Writes   stored_value_accounts, stored_value_transactions.
-- Locks    The accounts, by id; the caller holds the order.
-- Repeats  Safe: each payment puts its money there once.
-- Raises   Nothing.
create or replace function ringup.return_refunded_value(p_refund ringup.refunds)
returns void
language plpgsql
as $$
declare
    v_payment record;
begin
    for v_payment in
        select p.id, p.stored_value_id, p.approved_minor
          from ringup.payment_transactions p
         where p.vendor_id = p_refund.vendor_id and p.order_id = p_refund.order_id and p.refund_id = p_refund.id
           and p.status = 'approved' and p.stored_value_id is not null
         order by p.stored_value_id, p.id
    loop
        perform ringup.return_value(
            p_refund.vendor_id, v_payment.stored_value_id, v_payment.approved_minor, v_payment.id, 'refund');
    end loop;
end
$$;
