-- check_campaign(name, starts, ends, multiplier, bonus, product, category, minimum spend, limit) → nothing
--
-- Why      A campaign that cannot be meant is refused before it is written, by the first thing that is wrong with it.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU212 campaign_invalid
create or replace function ringup.check_campaign(
    p_name text, p_starts_at timestamptz, p_ends_at timestamptz, p_multiplier numeric, p_bonus_points integer,
    p_product_id uuid, p_category text, p_minimum_spend_minor bigint, p_customer_limit integer
)
returns void
language plpgsql immutable
as $$
declare
    v_problem text;
begin
    select c.problem into v_problem
      from (values
          (1, trim(p_name) <> '', 'a campaign needs a name'),
          (2, p_ends_at > p_starts_at, 'a campaign ends after it begins'),
          (3, isfinite(p_starts_at) and isfinite(p_ends_at), 'a campaign begins and ends on a day'),
          (4, p_multiplier = round(p_multiplier, 3) and p_multiplier between 1 and 100,
              'a multiplier is from 1 to 100, with up to 3 decimals'),
          (5, p_bonus_points between 0 and 1000000, 'bonus points are from 0 to 1000000'),
          (6, p_multiplier > 1 or p_bonus_points > 0, 'a campaign multiplies points or gives a bonus'),
          (7, num_nonnulls(p_product_id, p_category) <= 1, 'a campaign is for one article, one category or everything'),
          (8, coalesce(trim(p_category) <> '', true), 'a category has a name'),
          (9, p_minimum_spend_minor between 0 and 1000000000000, 'the least to spend is 0 or more'),
          (10, coalesce(p_customer_limit > 0, true), 'a limit for each customer is 1 or more')
      ) as c (number, holds, problem)
     where c.holds is not true
     order by c.number
     limit 1;
    if found then
        raise exception using errcode = 'RU212', message = v_problem;
    end if;
end
$$;
