-- doubt_delay(checks so far) → how long until the next look-up
--
-- Why      Seconds first, because a customer is waiting; then minutes, hours, days, because giving up
--          would be guessing.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.doubt_delay(p_checks integer)
returns interval
language sql immutable
as $$
    select (array[
        interval '2 seconds', interval '4 seconds', interval '8 seconds', interval '15 seconds',
        interval '30 seconds', interval '60 seconds', interval '5 minutes', interval '1 hour', interval '1 day'
    ])[least(p_checks, 8) + 1]
$$;
