-- read_report_window(vendor, from, to) → the days of a report, and the instants between which they lie
--
-- Why      Days begin and end where the shop is. Both days belong to the report; without p_to it ends today, and
--          without p_from it begins four weeks before it ends. No report is without bounds.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU008 vendor_not_found · RU220 window_out_of_range
create or replace function ringup.read_report_window(p_vendor_id uuid, p_from date, p_to date)
returns table (first_day date, last_day date, starts_at timestamptz, ends_at timestamptz, time_zone text)
language plpgsql security definer set search_path = ''
as $$
declare
    v_zone  text;
    v_today date;
    v_first date;
    v_last  date;
begin
    perform ringup.enter_vendor(p_vendor_id);
    select v.time_zone, (ringup.now() at time zone v.time_zone)::date into v_zone, v_today
      from ringup.vendors v
     where v.id = p_vendor_id;
    if not found then
        raise exception using errcode = 'RU008', message = format('vendor %s does not exist', p_vendor_id);
    end if;
    v_last := coalesce(p_to, v_today);
    v_first := coalesce(p_from, v_last - 27);
    if v_first > v_last or v_last - v_first >= 400 or v_first < date '2000-01-01' or v_last > v_today + 400 then
        raise exception using errcode = 'RU220',
            message = format('a report is of 1 to 400 days from 2000 on, not from %s to %s', v_first, v_last),
            detail = json_build_object('from', v_first, 'to', v_last)::text;
    end if;
    return query
        select v_first, v_last, v_first::timestamp at time zone v_zone, (v_last + 1)::timestamp at time zone v_zone, v_zone;
end
$$;
