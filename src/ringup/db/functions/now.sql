-- now() → the time
--
-- Why      The only clock. Rows written in one transaction still get times in their own order,
--          and a session that waited for a lock does not write yesterday's time.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.now()
returns timestamptz
language sql volatile
as $$ select pg_catalog.clock_timestamp() $$;
