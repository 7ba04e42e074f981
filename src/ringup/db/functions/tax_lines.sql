-- tax_lines(lines, rates, rounding) → what each rate comes to on each line
--
-- Why      Tax is on what is left of a line after discounts, coupons and points. Each rate is rounded by itself,
--          half up: on every line, or once for the order and then shared over its lines by largest remainder.
--          What prices contain of taxes never comes to more than the price of its line.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.tax_lines(
    p_lines ringup.priced_line[], p_rates ringup.tax_rates[], p_rounding text
)
returns ringup.line_tax[]
language plpgsql immutable
as $$
begin
    return array(
    with term as (
        select t.tax_category, t.rate_number, t.part, r.is_included, r.is_compound,
               1 + coalesce(sum(t.part) filter (where r.is_included) over (partition by t.tax_category), 0)
                   as price_part
          from ringup.tax_terms(p_rates, array(select distinct m.tax_category from unnest(p_lines) as m)) as t
          join unnest(p_rates) with ordinality as r on r.ordinality = t.rate_number
    ), exact as (
        -- Multiplied before it is divided: what is exactly a half stays one.
        select l.ordinality as line_number, t.rate_number, t.is_included, t.is_compound,
               (l.total_minor - l.points_value_minor)::numeric as price,
               (l.total_minor - l.points_value_minor) * t.part / t.price_part as tax
          from unnest(p_lines) with ordinality as l
          join term as t on t.tax_category = l.tax_category
    ), whole as (
        -- A sum of quotients is exact to many digits and not to all: its last ones decide nothing.
        select e.rate_number, round(round(sum(e.tax), 9)) - sum(floor(e.tax)) as left_over
          from exact as e
         group by e.rate_number
    ), rounded as (
        select e.line_number, e.rate_number, e.is_included, e.is_compound, e.price,
               case when p_rounding = 'line' then round(e.tax)
                    else floor(e.tax) + case when row_number() over largest <= w.left_over then 1 else 0 end
               end as tax
          from exact as e
          join whole as w on w.rate_number = e.rate_number
        window largest as (partition by e.rate_number order by e.tax - floor(e.tax) desc, e.line_number)
    ), capped as (
        select d.*,
               case when d.is_included then least(sum(d.tax) over upto, d.price)
                                            - least(coalesce(sum(d.tax) over before, 0), d.price)
                    else d.tax end as kept
          from rounded as d
        window upto as (partition by d.line_number, d.is_included order by d.rate_number),
               before as (partition by d.line_number, d.is_included order by d.rate_number
                          rows between unbounded preceding and 1 preceding)
    )
    select row(c.line_number, r.code, r.position, r.name, r.percent, r.is_included,
               c.price - coalesce(sum(c.kept) filter (where c.is_included) over line, 0)
               + case when c.is_compound then coalesce(sum(c.kept) over before, 0) else 0 end,
               c.kept)::ringup.line_tax
      from capped as c
      join unnest(p_rates) with ordinality as r on r.ordinality = c.rate_number
    window line as (partition by c.line_number),
           before as (partition by c.line_number order by c.rate_number
                      rows between unbounded preceding and 1 preceding)
     order by c.line_number, c.rate_number);
end
$$;
