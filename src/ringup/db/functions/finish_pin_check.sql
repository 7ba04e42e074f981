-- finish_pin_check(vendor, person, the hash that was compared) → whether it is still the person's
--
-- Why      The PIN was right: earlier attempts are forgotten. Not if the PIN was changed, or the person left,
--          while it was being compared.
-- Writes   staff.
-- Locks    The person's row.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.finish_pin_check(p_vendor_id uuid, p_staff_id uuid, p_pin_hash text)
returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    update ringup.staff s
       set failed_attempts = 0, locked_until = null
     where s.vendor_id = p_vendor_id and s.id = p_staff_id and s.is_active and s.pin_hash = p_pin_hash;
    return found;
end
$$;
