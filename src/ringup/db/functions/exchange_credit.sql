-- exchange_credit(vendor, refund) → how much of the refund pays the new sale of its exchange, in minor units
--
-- Why      The one place that says it; nothing for a refund that is no exchange's.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.exchange_credit(p_vendor_id uuid, p_refund_id uuid)
returns bigint
language plpgsql stable
as $$
begin
    return (
        select coalesce(sum(p.amount_minor), 0)
          from ringup.refunds r
          join ringup.payment_transactions p
            on p.vendor_id = r.vendor_id and p.order_id = r.order_id and p.refund_id = r.id
         where r.vendor_id = p_vendor_id and r.id = p_refund_id and p.tender_type = 'exchange'
           and p.status not in ('declined', 'error'));
end
$$;
