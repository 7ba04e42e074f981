-- take_turn(id) → nothing
--
-- Why      A button that is pressed twice sends the same id twice. The second press waits here until the first is
--          done, and then finds what it did, instead of being refused for what the first one used up.
-- Writes   Nothing.
-- Locks    The id, to the end of the transaction; before anything else.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.take_turn(p_id uuid)
returns void
language sql
as $$ select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_id::text, 0)) $$;
