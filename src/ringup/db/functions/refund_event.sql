-- refund_event(vendor, order) → partially_refunded, or refunded
--
-- Why      A sale is refunded when everything that was sold is back and everything that was paid is.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the order.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.refund_event(p_vendor_id uuid, p_order_id uuid)
returns text
language plpgsql stable
as $$
declare
    v_order ringup.orders;
    v_paid  bigint;
begin
    select * into v_order from ringup.orders o where o.vendor_id = p_vendor_id and o.id = p_order_id;
    select coalesce(sum(r.amount_minor - r.cash_rounding_minor), 0) into v_paid
      from ringup.refunds r
     where r.vendor_id = p_vendor_id and r.order_id = p_order_id and r.status = 'completed';
    return case when v_paid >= v_order.total_minor - v_order.cash_rounding_minor
                 and not exists (select from ringup.order_items i
                                   left join ringup.refund_lines l
                                     on l.vendor_id = i.vendor_id and l.order_id = i.order_id
                                    and l.line_number = i.line_number
                                   left join ringup.refunds r
                                     on r.vendor_id = l.vendor_id and r.id = l.refund_id
                                  where i.vendor_id = p_vendor_id and i.order_id = p_order_id
                                  group by i.line_number, i.quantity
                                 having i.quantity > coalesce(sum(l.quantity) filter (where r.status = 'completed'), 0))
                then 'refunded' else 'partially_refunded' end;
end
$$;
