-- health_colour(status, checked at) → green, amber or red
--
-- Why      What staff see before they charge. Red is a terminal that said no, or nothing, when it was
--          last asked; green one that answered within ten minutes; amber anything else.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.health_colour(p_status text, p_checked_at timestamptz)
returns text
language sql volatile
as $$
    select case
        when p_status in ('offline', 'not_found', 'unreachable') then 'red'
        when p_status = 'online' and p_checked_at > ringup.now() - interval '10 minutes' then 'green'
        else 'amber'
    end
$$;
