-- write_refund_taxes(refund) → nothing
--
-- Why      Of each rate on a line goes back what of the line is back in all, rounded down, less what went back of it
--          before: as the line's amount, so that the parts come to the tax of the sale exactly.
-- Writes   refund_line_taxes.
-- Locks    The caller holds the order.
-- Repeats  Not idempotent; called once, with the refund's lines.
-- Raises   Nothing.
create or replace function ringup.write_refund_taxes(p_refund ringup.refunds)
returns void
language plpgsql
as $$
begin
    insert into ringup.refund_line_taxes (vendor_id, refund_id, order_id, line_number, code, base_minor, tax_minor)
    select l.vendor_id, l.refund_id, l.order_id, l.line_number, t.code,
           div(t.base_minor::numeric * b.quantity, i.quantity) - coalesce(s.base_minor, 0),
           div(t.tax_minor::numeric * b.quantity, i.quantity) - coalesce(s.tax_minor, 0)
      from ringup.refund_lines l
      join ringup.order_items i
        on i.vendor_id = l.vendor_id and i.order_id = l.order_id and i.line_number = l.line_number
      join ringup.order_item_taxes t
        on t.vendor_id = l.vendor_id and t.order_id = l.order_id and t.line_number = l.line_number
     cross join lateral (
           select sum(n.quantity) as quantity
             from ringup.refund_lines n
             join ringup.refunds r on r.vendor_id = n.vendor_id and r.id = n.refund_id
            where n.vendor_id = l.vendor_id and n.order_id = l.order_id and n.line_number = l.line_number
              and r.status <> 'cancelled') as b
      left join lateral (
           select sum(n.base_minor) as base_minor, sum(n.tax_minor) as tax_minor
             from ringup.refund_line_taxes n
             join ringup.refunds r on r.vendor_id = n.vendor_id and r.id = n.refund_id
            where n.vendor_id = l.vendor_id and n.order_id = l.order_id and n.line_number = l.line_number
              and n.code = t.code and r.status <> 'cancelled') as s on true
     where l.vendor_id = p_refund.vendor_id and l.refund_id = p_refund.id;
end
$$;
