-- sign_in_idle() → how long a sign-in lives that nobody uses
--
-- Why      A till that was left alone is nobody's after a quarter of an hour.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.sign_in_idle()
returns interval
language sql immutable
as $$ select interval '15 minutes' $$;
