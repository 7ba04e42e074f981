-- points_due_back(order) → what the order earned and redeemed in all its lines, and what of both is due back so far
--
-- Why      The whole of the order, so that each return can catch up with what the ones before it left.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the order.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.points_due_back(
    p_order ringup.orders,
    out earned integer, out redeemed integer, out reversed integer, out given_back integer
)
returns record
language sql
as $$
    select l.earned, l.redeemed, r.reversed, r.given_back
      from (select coalesce(sum(b.earned), 0)::integer as earned, coalesce(sum(b.redeemed), 0)::integer as redeemed
              from ringup.points_by_line(p_order) as b) as l
     cross join (select coalesce(sum(n.points_reversed), 0)::integer as reversed,
                        coalesce(sum(n.points_given_back), 0)::integer as given_back
                   from ringup.loyalty_returns n
                  where n.vendor_id = p_order.vendor_id and n.order_id = p_order.id) as r
$$;
