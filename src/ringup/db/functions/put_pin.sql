-- put_pin(vendor, person, hash, actor) → nothing
--
-- Why      A PIN, or another one, unlocks a person, and signs them out where they were in with the old one.
-- Writes   staff, staff_sign_ins, audit_log.
-- Locks    The person's row, then the person's sign-ins.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.put_pin(p_vendor_id uuid, p_staff_id uuid, p_pin_hash text, p_actor text)
returns void
language plpgsql
as $$
begin
    update ringup.staff s
       set pin_hash = p_pin_hash, pin_set_at = ringup.now(), failed_attempts = 0, locked_until = null,
           updated_at = ringup.now()
     where s.vendor_id = p_vendor_id and s.id = p_staff_id;
    perform ringup.end_sign_ins(p_vendor_id, p_staff_id, 'pin_changed');
    perform ringup.write_audit(p_vendor_id, p_actor, 'staff_pin_set', 'staff', p_staff_id::text, null, null);
end
$$;
