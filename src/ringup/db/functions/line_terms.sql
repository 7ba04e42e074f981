-- line_terms(programme, lines, campaigns) → for each line its rates, its multiplier and the campaign that gives it
--
-- Why      Who wins where several could: the article's rule over its category's over the programme; and of the
--          campaigns the highest multiplier. Multipliers of campaigns never multiply each other.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.line_terms(
    p_programme ringup.loyalty_programmes, p_lines ringup.priced_line[], p_campaigns ringup.loyalty_campaigns[]
)
returns table (
    line integer, quantity bigint, points_per_unit numeric, points_per_item integer,
    multiplier numeric, campaign integer
)
language sql stable
as $$
    select l.ordinality::integer, l.quantity,
           coalesce(case when a.rule_number is not null then a.points_per_unit else g.points_per_unit end,
                    p_programme.points_per_unit),
           coalesce(a.points_per_item, g.points_per_item, 0),
           coalesce(b.multiplier, 1), b.campaign
      from unnest(p_lines) with ordinality as l
      left join ringup.loyalty_earn_rules a
        on a.vendor_id = p_programme.vendor_id and a.valid_from = p_programme.valid_from
       and a.product_id = l.product_id
      left join ringup.loyalty_earn_rules g
        on g.vendor_id = p_programme.vendor_id and g.valid_from = p_programme.valid_from
       and g.category = l.category
      left join lateral (
           select c.multiplier, c.ordinality::integer as campaign
             from unnest(p_campaigns) with ordinality as c
            where c.multiplier > 1 and coalesce(c.product_id = l.product_id, true)
              and (c.category is null or c.category is not distinct from l.category)
            order by c.multiplier desc, c.ordinality
            limit 1) as b on true
     order by l.ordinality
$$;
