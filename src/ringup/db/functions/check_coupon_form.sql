-- check_coupon_form(code, name, starts, ends, minimum, amount, percentage, use limit, customer's use limit) → nothing
--
-- Why      A coupon that cannot be meant is refused before it is written, by the first thing that is wrong with it.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU244 coupon_invalid
create or replace function ringup.check_coupon_form(
    p_code text, p_name text, p_starts_at timestamptz, p_ends_at timestamptz, p_minimum_minor bigint,
    p_amount_minor bigint, p_percent numeric, p_use_limit integer, p_customer_use_limit integer
)
returns void
language plpgsql immutable
as $$
declare
    v_problem text;
begin
    select c.problem into v_problem
      from (values
          (1, trim(p_code) <> '' and length(p_code) <= 40, 'a coupon has a code of up to 40 characters'),
          (2, trim(p_name) <> '', 'a coupon needs a name'),
          (3, coalesce(p_ends_at > p_starts_at, p_starts_at is not null), 'a coupon begins, and ends after that'),
          (4, num_nonnulls(p_amount_minor, p_percent) = 1, 'a coupon takes an amount off, or a percentage'),
          (5, coalesce(p_amount_minor between 1 and 1000000000000, true), 'the amount is 1 or more'),
          (6, coalesce(p_percent > 0 and p_percent <= 100 and p_percent = round(p_percent, 4), true),
              'the percentage is above 0 and at most 100, with up to 4 decimals'),
          (7, p_minimum_minor between 0 and 1000000000000, 'the least to buy is 0 or more'),
          (8, coalesce(p_use_limit > 0, true) and coalesce(p_customer_use_limit > 0, true), 'a limit is 1 or more')
      ) as c (number, holds, problem)
     where c.holds is not true
     order by c.number
     limit 1;
    if found then
        raise exception using errcode = 'RU244', message = v_problem;
    end if;
end
$$;
