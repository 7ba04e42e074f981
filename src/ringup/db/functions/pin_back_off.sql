-- pin_back_off(attempts) → how long the PIN is locked after so many attempts without success, or null
--
-- Why      Five attempts are free; then each costs more: 30 seconds, 1, 2, 5, 15 minutes, and an hour from the
--          tenth on. At that pace the ten thousand PINs of four digits take more than a year.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.pin_back_off(p_attempts integer)
returns interval
language sql immutable
as $$
    select case when p_attempts >= 5
        then (array['30 s', '1 min', '2 min', '5 min', '15 min', '1 h'])[least(p_attempts - 4, 6)]::interval end
$$;
