-- round_cash(amount, step, mode) → the amount in steps of the smallest coin
--
-- Why      nearest rounds half a step away from nothing, nearest_half_down towards it, and down rounds all
--          towards it. A negative amount comes to the same with the sign turned, so that what was paid in
--          cash comes back in cash to the coin.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.round_cash(p_amount bigint, p_step bigint, p_mode text)
returns bigint
language sql immutable
as $$
    select sign(p_amount)::bigint * p_step * ((abs(p_amount) + case p_mode
               when 'nearest' then p_step / 2
               when 'nearest_half_down' then (p_step - 1) / 2
               else 0 end) / p_step)
$$;
