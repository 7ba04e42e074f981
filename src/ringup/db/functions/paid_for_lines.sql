-- paid_for_lines(lines, points value, earns on tax) → what of each line is paid with money, in minor units
--
-- Why      Points are earned on money: after discounts, without the part that points pay for, and without tax
--          unless the programme says so. The points' value is shared over the lines by what they cost.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.paid_for_lines(
    p_lines ringup.priced_line[], p_points_value bigint, p_earns_on_tax boolean
)
returns bigint[]
language plpgsql immutable
as $$
begin
    return (
    select array(
        select greatest(l.total_minor - v.share - case when p_earns_on_tax then 0 else l.tax_minor end, 0)
          from unnest(p_lines) with ordinality as l
          join unnest(ringup.spread(p_points_value, array(
                   select t.total_minor from unnest(p_lines) with ordinality as t order by t.ordinality)))
               with ordinality as v (share, ordinality) on v.ordinality = l.ordinality
         order by l.ordinality)
    );
end
$$;
