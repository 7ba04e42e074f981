-- sign_out_staff(vendor, sign-in, actor) → nothing
--
-- Why      A person leaves the register.
-- Writes   staff_sign_ins, audit_log.
-- Locks    The sign-in.
-- Repeats  Safe: what has ended stays as it ended.
-- Raises   Nothing.
create or replace function ringup.sign_out_staff(p_vendor_id uuid, p_sign_in_id uuid, p_actor text)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
    v_register_id uuid;
begin
    perform ringup.enter_vendor(p_vendor_id);
    update ringup.staff_sign_ins i
       set ended_at = ringup.now(), ended_why = 'signed_out'
     where i.vendor_id = p_vendor_id and i.id = p_sign_in_id and i.ended_at is null
    returning i.register_id into v_register_id;
    if found then
        perform ringup.write_audit(p_vendor_id, p_actor, 'signed_out', 'register', v_register_id::text, null,
                                   jsonb_build_object('sign_in_id', p_sign_in_id));
    end if;
end
$$;
