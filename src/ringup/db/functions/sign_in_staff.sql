-- sign_in_staff(vendor, sign-in, person, register, token's hash) → until when, unless it is used
--
-- Why      A person takes over a register; whoever was signed in there is not any more. Without a register they are
--          in the console, beside others. The caller has checked the PIN. The token itself is kept nowhere.
-- Writes   staff_sign_ins, audit_log.
-- Locks    The person's row, so that nobody who is leaving comes in; then the register's, where two who sign
--          in at once stand in line.
-- Repeats  A second one with this id or token refuses.
-- Raises   RU004 register_not_found · RU020 staff_not_found · RU113 already_exists
create or replace function ringup.sign_in_staff(
    p_vendor_id uuid, p_sign_in_id uuid, p_staff_id uuid, p_register_id uuid, p_token_hash bytea
)
returns timestamptz
language plpgsql security definer set search_path = ''
as $$
declare
    v_name  text;
    v_now   timestamptz;
    v_until timestamptz;
begin
    perform ringup.enter_vendor(p_vendor_id);
    select s.name into v_name
      from ringup.staff s
     where s.vendor_id = p_vendor_id and s.id = p_staff_id and s.is_active
       for share;
    if not found then
        raise exception using errcode = 'RU020', message = format('person %s does not exist', p_staff_id);
    end if;
    perform from ringup.registers r
      where r.vendor_id = p_vendor_id and r.id = p_register_id and r.is_active
        for no key update;
    if not found and p_register_id is not null then
        raise exception using errcode = 'RU004', message = format('register %s does not exist', p_register_id);
    end if;
    v_now := ringup.now();
    v_until := v_now + ringup.sign_in_idle();
    update ringup.staff_sign_ins i
       set ended_at = v_now, ended_why = case when i.expires_at <= v_now then 'expired' else 'switched' end
     where i.vendor_id = p_vendor_id and i.register_id = p_register_id and i.ended_at is null;
    insert into ringup.staff_sign_ins (
        vendor_id, id, staff_id, register_id, token_hash, started_at, last_seen_at, expires_at)
    values (p_vendor_id, p_sign_in_id, p_staff_id, p_register_id, p_token_hash, v_now, v_now, v_until)
    on conflict do nothing;
    if not found then
        raise exception using errcode = 'RU113', message = format('there is a sign-in %s already', p_sign_in_id);
    end if;
    perform ringup.write_audit(p_vendor_id, 'staff:' || v_name, 'signed_in',
                               case when p_register_id is null then 'console' else 'register' end,
                               coalesce(p_register_id, p_sign_in_id)::text, null,
                               jsonb_build_object('sign_in_id', p_sign_in_id, 'staff_id', p_staff_id));
    return v_until;
end
$$;
