-- paid_for_lines(lines, earns on tax) → what of each line is paid with money, in minor units
--
-- Why      Points are earned on money: after discounts and coupons, without the part that points pay for, and
--          without tax, in the price or added to it, unless the programme says so.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.paid_for_lines(p_lines ringup.priced_line[], p_earns_on_tax boolean)
returns bigint[]
language plpgsql immutable
as $$
begin
    return array(
        select greatest(l.total_minor - l.points_value_minor - case when p_earns_on_tax then 0 else l.tax_minor end, 0)
          from unnest(p_lines) with ordinality as l
         order by l.ordinality);
end
$$;
