-- read_cash_sight(vendor, person) → whether the person may see what a drawer should hold before it was counted
--
-- Why      For lists that show what registers have taken so far, and are read from views, which cannot refuse.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU020 staff_not_found
create or replace function ringup.read_cash_sight(p_vendor_id uuid, p_staff_id uuid)
returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    return ringup.may_see_cash(p_vendor_id, p_staff_id);
end
$$;
