-- write_returns(order, refund, line numbers, quantities) → nothing
--
-- Why      Each line's part of the order's points that is due back, by what has come back of the line so far: the
--          whole line is due exactly when the whole line is back, in whatever parts.
-- Writes   loyalty_returns (one row for each line).
-- Locks    Nothing; the caller holds the order.
-- Repeats  Not idempotent; called once for each refund.
-- Raises   Nothing.
create or replace function ringup.write_returns(
    p_order ringup.orders, p_refund_id uuid, p_line_numbers integer[], p_quantities bigint[]
)
returns void
language sql
as $$
    insert into ringup.loyalty_returns (
        vendor_id, order_id, refund_id, line_number, quantity, points_reversed, points_given_back, created_at)
    select p_order.vendor_id, p_order.id, p_refund_id, l.line_number, n.quantity,
           floor(l.earned::numeric * (b.quantity + n.quantity) / l.quantity) - b.reversed,
           floor(l.redeemed::numeric * (b.quantity + n.quantity) / l.quantity) - b.given_back,
           ringup.now()
      from unnest(p_line_numbers, p_quantities) as n (number, quantity)
      join ringup.points_by_line(p_order) as l on l.line_number = n.number
     cross join lateral (
         select coalesce(sum(r.quantity), 0) as quantity, coalesce(sum(r.points_reversed), 0) as reversed,
                coalesce(sum(r.points_given_back), 0) as given_back
           from ringup.loyalty_returns r
          where r.vendor_id = p_order.vendor_id and r.order_id = p_order.id and r.line_number = n.number) as b
$$;
