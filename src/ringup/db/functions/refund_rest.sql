-- refund_rest(vendor, refund) → the charges that are not paid back as planned, no attempt at it is left, and how much
--
-- Why      A terminal refused, or was never asked: the refund stays open, and this is what somebody has to give back in
--          another way, or to try again.
-- Writes   Nothing.
-- Locks    Nothing; who relies on it holds the order.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.refund_rest(p_vendor_id uuid, p_refund_id uuid)
returns table (charge_id uuid, amount_minor bigint)
language plpgsql stable
as $$
begin
    return query
        select p.refunds_payment_id, max(p.amount_minor - p.rounding_minor)
          from ringup.refunds r
          join ringup.payment_transactions p
            on p.vendor_id = r.vendor_id and p.order_id = r.order_id and p.refund_id = r.id
         where r.vendor_id = p_vendor_id and r.id = p_refund_id and p.tender_type <> 'exchange'
         group by p.refunds_payment_id
        having bool_and(p.status in ('declined', 'error'));
end
$$;
