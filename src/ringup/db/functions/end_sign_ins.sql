-- end_sign_ins(vendor, person, why) → nothing
--
-- Why      Who left, or has another PIN, is signed in nowhere.
-- Writes   staff_sign_ins.
-- Locks    The person's live sign-ins.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.end_sign_ins(p_vendor_id uuid, p_staff_id uuid, p_why text)
returns void
language sql
as $$
    update ringup.staff_sign_ins i
       set ended_at = ringup.now(), ended_why = p_why
     where i.vendor_id = p_vendor_id and i.staff_id = p_staff_id and i.ended_at is null
$$;
