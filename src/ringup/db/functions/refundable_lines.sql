-- refundable_lines(order) → for each line what was sold, what was paid for it, and what of both is back or on its way
--
-- Why      Every line carries its part of all discounts, coupons, taxes and points, so what was paid for it with money is
--          its total less what points paid of it. The lines come to what was paid, without tip and rounding.
--          What an open refund is about counts as back, so that two clerks cannot give the same thing back. So does a
--          gift card that was sold: its money is on it, and may be spent.
-- Writes   Nothing.
-- Locks    Nothing; who relies on it holds the order.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.refundable_lines(p_order ringup.orders)
returns table (line_number integer, quantity bigint, paid_minor bigint, back_quantity bigint, back_minor bigint)
language plpgsql stable
as $$
begin
    return query
        select i.line_number, i.quantity, i.total_minor - i.points_value_minor,
               case when i.gift_card_id is not null then i.quantity else coalesce(b.quantity, 0) end,
               coalesce(b.amount_minor, 0)
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
