-- points_by_line(order) → for each line its number, quantity, and its part of the points earned and redeemed
--
-- Why      The lines know their part since they are sold with it. Points that the lines do not know, because the order
--          is older or somebody outside recorded them, are spread over the lines by what they cost.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.points_by_line(p_order ringup.orders)
returns table (line_number integer, quantity bigint, earned integer, redeemed integer)
language sql
as $$
    with line as (
        select i.line_number, i.quantity, i.points_to_earn, i.points_redeemed,
               sum(i.points_to_earn) over () as earned_known, sum(i.points_redeemed) over () as redeemed_known,
               sum(i.weight) over (order by i.line_number) as upto, i.weight, sum(i.weight) over () as total
          from (select n.*,
                       -- Lines that cost nothing, all of them, share alike.
                       case when sum(n.total_minor) over () > 0 then n.total_minor else 1 end::numeric as weight
                  from ringup.order_items n
                 where n.vendor_id = p_order.vendor_id and n.order_id = p_order.id) as i
    ), recorded as (
        select ringup.points_recorded(p_order.vendor_id, p_order.id, 'earned') as earned,
               -ringup.points_recorded(p_order.vendor_id, p_order.id, 'spent') as spent
    )
    select l.line_number, l.quantity,
           case when l.earned_known > 0 then l.points_to_earn
                else floor(r.earned * l.upto / l.total) - floor(r.earned * (l.upto - l.weight) / l.total) end::integer,
           case when l.redeemed_known > 0 then l.points_redeemed
                else floor(r.spent * l.upto / l.total) - floor(r.spent * (l.upto - l.weight) / l.total) end::integer
      from line l
     cross join recorded r
     order by l.line_number
$$;
