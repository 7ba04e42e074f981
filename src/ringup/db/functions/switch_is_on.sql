-- switch_is_on(vendor, name) → whether it is on
--
-- Why      What can be turned off while the shop is open. Nobody having touched it means on.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.switch_is_on(p_vendor_id uuid, p_name text)
returns boolean
language plpgsql stable
as $$
begin
    return (
    select coalesce((
        select s.is_on from ringup.feature_switches s where s.vendor_id = p_vendor_id and s.name = p_name), true)
    );
end
$$;
