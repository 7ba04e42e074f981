-- write_refund(order, refund, line numbers, quantities, restocks) → nothing
--
-- Why      The refund keeps what comes back, and what is paid back for each line, with the taxes in it.
-- Writes   refund_lines, refund_line_taxes, refunds (what became known since its key was claimed).
-- Locks    The caller holds the order.
-- Repeats  Not idempotent; called once, with the refund's creation.
-- Raises   What plan_refund_lines raises
create or replace function ringup.write_refund(
    p_order ringup.orders, p_refund ringup.refunds, p_line_numbers integer[], p_quantities bigint[],
    p_restocks boolean[]
)
returns void
language plpgsql
as $$
begin
    insert into ringup.refund_lines (vendor_id, refund_id, order_id, line_number, quantity, amount_minor, restock)
    select p_order.vendor_id, p_refund.id, p_order.id, l.line_number, l.quantity, l.amount_minor, l.restock
      from ringup.plan_refund_lines(p_order, p_line_numbers, p_quantities, p_restocks) as l;
    perform ringup.write_refund_taxes(p_refund);
    update ringup.refunds r
       set tip_minor = p_refund.tip_minor, approved_by = p_refund.approved_by
     where r.vendor_id = p_refund.vendor_id and r.id = p_refund.id;
end
$$;
