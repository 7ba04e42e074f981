-- capture_alarm_at(approved at, terminal's settings) → when a person is told that the money is still only set aside
--
-- Why      An authorisation that expires is money lost: somebody has to hear of it before. It lasts as many days as
--          the terminal's setting authorisation_days says. Processors differ, and some do not publish it; where it says
--          none, 5 is assumed. The alarm is a day before, or half-way through a single day.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing: a setting that is no number of days from 1 to 99 counts as none.
create or replace function ringup.capture_alarm_at(p_approved_at timestamptz, p_settings jsonb)
returns timestamptz
language sql stable
as $$
    select p_approved_at + l.life - least(interval '1 day', l.life / 2)
      from (select make_interval(days => case
                       when p_settings ->> 'authorisation_days' ~ '^[1-9][0-9]?$'
                       then (p_settings ->> 'authorisation_days')::integer
                       else 5
                   end) as life) as l
$$;
