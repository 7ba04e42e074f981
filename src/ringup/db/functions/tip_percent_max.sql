-- tip_percent_max(terminal's settings) → the most that a tip after the sale may be, in percent of the rest
--
-- Why      A slip of the finger is not charged to a card. 0 takes no tip after the sale on this terminal.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing: a setting that is no number from 0 to 999 counts as none, and without one it is 100.
create or replace function ringup.tip_percent_max(p_settings jsonb)
returns integer
language sql immutable
as $$
    select case when p_settings ->> 'tip_percent_max' ~ '^(0|[1-9][0-9]{0,2})$'
                then (p_settings ->> 'tip_percent_max')::integer else 100 end
$$;
