-- local_midnight(vendor, days) → the midnight that ends the day so many days from today, where the vendor is
--
-- Why      Points become spendable and expire when a day ends in the shop, whatever summer time does that night: a
--          midnight that is skipped is the first instant of the new day, and of two midnights the first one counts.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.local_midnight(p_vendor_id uuid, p_days integer)
returns timestamptz
language plpgsql
as $$
declare
    v_zone  text := (select v.time_zone from ringup.vendors v where v.id = p_vendor_id);
    v_local timestamp := date_trunc('day', ringup.now() at time zone v_zone) + make_interval(days => p_days + 1);
    v_at    timestamptz := v_local at time zone v_zone;
begin
    if (v_at - interval '1 hour') at time zone v_zone = v_local then
        return v_at - interval '1 hour';
    end if;
    return v_at;
end
$$;
