-- points_retry_delay(retries so far) → how long until the next retry
--
-- Why      What was wrong for a moment is right after a minute; what takes a person is asked about once a day.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.points_retry_delay(p_retries integer)
returns interval
language sql immutable
as $$
    select (array[interval '1 minute', interval '5 minutes', interval '1 hour', interval '1 day'])[least(p_retries, 3) + 1]
$$;
