-- stock_worth(lines) → what they cost on the shelf, in minor units
--
-- Why      What a person may move is measured by it, whichever way it moves.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.stock_worth(p_lines ringup.stock_line[])
returns bigint
language sql immutable
as $$
    select least(coalesce(sum(abs(l.quantity)::numeric * l.price_minor), 0), 1e15)::bigint from unnest(p_lines) as l
$$;
