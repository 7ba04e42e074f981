-- refund_rounding(vendor, order) → what rounding added to the cash that went back of a sale, or is to
--
-- Why      The next part in cash makes up for it.
-- Writes   Nothing.
-- Locks    Nothing; who relies on it holds the order.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.refund_rounding(p_vendor_id uuid, p_order_id uuid)
returns bigint
language plpgsql stable
as $$
begin
    return coalesce((
        select sum(p.rounding_minor)
          from ringup.payment_transactions p
         where p.vendor_id = p_vendor_id and p.order_id = p_order_id and p.kind = 'refund' and p.tender_type = 'cash'
           and p.status not in ('declined', 'error')), 0);
end
$$;
