-- total_refund(refund) → nothing
--
-- Why      What a refund comes to depends on how it is paid: in cash it is rounded. Called whenever that is planned anew.
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
       set cash_rounding_minor = t.rounding, amount_minor = t.lines + r.tip_minor + t.rounding
      from (select coalesce((select sum(l.amount_minor) from ringup.refund_lines l
                              where l.vendor_id = p_refund.vendor_id and l.refund_id = p_refund.id), 0) as lines,
                   coalesce((select sum(p.rounding_minor) from ringup.payment_transactions p
                              where p.vendor_id = p_refund.vendor_id and p.order_id = p_refund.order_id
                                and p.refund_id = p_refund.id and p.status not in ('declined', 'error')), 0)
                   as rounding) as t
     where r.vendor_id = p_refund.vendor_id and r.id = p_refund.id;
end
$$;
