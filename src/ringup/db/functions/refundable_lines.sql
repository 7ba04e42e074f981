-- refundable_lines(order) → for each line what was sold, what was paid for it, and what of both is back or on its way
--
-- Why      What the customer paid for the goods, without the tip, is shared over the lines by what they cost: a
--          discount on the whole sale, and points, made every line cheaper. The shares come to what was paid exactly.
--          What an open refund is about counts as back, so that two clerks cannot give the same thing back.
-- Writes   Nothing.
-- Locks    Nothing; who relies on it holds the order.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.refundable_lines(p_order ringup.orders)
returns table (line_number integer, quantity bigint, paid_minor bigint, back_quantity bigint, back_minor bigint)
language plpgsql stable
as $$
declare
    v_paid bigint[] := ringup.spread(p_order.total_minor - p_order.tip_minor, array(
        select i.total_minor from ringup.order_items i
         where i.vendor_id = p_order.vendor_id and i.order_id = p_order.id
         order by i.line_number));
begin
    return query
        select i.line_number, i.quantity, v_paid[row_number() over (order by i.line_number)],
               coalesce(b.quantity, 0), coalesce(b.amount_minor, 0)
          from ringup.order_items i
          left join (select l.line_number, sum(l.quantity)::bigint as quantity, sum(l.amount_minor)::bigint as amount_minor
                       from ringup.refund_lines l
                       join ringup.refunds r on r.vendor_id = l.vendor_id and r.id = l.refund_id
                      where l.vendor_id = p_order.vendor_id and l.order_id = p_order.id and r.status <> 'cancelled'
                      group by l.line_number) as b on b.line_number = i.line_number
         where i.vendor_id = p_order.vendor_id and i.order_id = p_order.id
         order by i.line_number;
end
$$;
