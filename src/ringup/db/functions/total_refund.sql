-- total_refund(refund) → nothing
--
-- Why      What a refund comes to depends on how it is paid: in cash it is rounded. Called whenever that is planned anew.
--          What was rounded away when it was sold does not come back.
-- Writes   refunds (amount_minor, cash_rounding_minor).
-- Locks    The caller holds the order.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.total_refund(p_refund ringup.refunds)
returns void
language plpgsql
as $$
begin
    update ringup.refunds r
       set amount_minor = t.amount, cash_rounding_minor = t.amount - t.lines - r.tip_minor
      from (select coalesce(sum(c.unrounded + c.rounding), 0) as amount, (
                       select coalesce(sum(l.amount_minor), 0) from ringup.refund_lines l
                        where l.vendor_id = p_refund.vendor_id and l.refund_id = p_refund.id) as lines
              from (select max(p.amount_minor - p.rounding_minor) as unrounded,
                           coalesce(sum(p.rounding_minor) filter (where p.status not in ('declined', 'error')), 0)
                           as rounding
                      from ringup.payment_transactions p
                     where p.vendor_id = p_refund.vendor_id and p.order_id = p_refund.order_id
                       and p.refund_id = p_refund.id
                     group by p.refunds_payment_id, p.tender_type = 'exchange') as c) as t
     where r.vendor_id = p_refund.vendor_id and r.id = p_refund.id;
end
$$;
