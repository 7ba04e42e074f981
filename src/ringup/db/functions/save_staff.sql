-- save_staff(vendor, person, name, role, is active, hash of a PIN or null, by whom, approval, actor) → whether the person is new
--
-- Why      Somebody begins, changes roles, leaves. Nobody is deleted: the log names them. Who leaves is
--          signed out everywhere. Without a hash, the PIN stays as it is.
-- Writes   staff, staff_sign_ins, approvals, audit_log.
-- Locks    The approval, the person's row, the person's sign-ins.
-- Repeats  Safe: the whole person is written.
-- Raises   RU008 vendor_not_found · RU020 staff_not_found · RU113 already_exists · RU230 rule_invalid
--          · RU501 action_denied · RU502 approval_needed · RU503 approval_refused
create or replace function ringup.save_staff(
    p_vendor_id uuid, p_staff_id uuid, p_name text, p_role text, p_is_active boolean, p_pin_hash text,
    p_by_staff_id uuid, p_approval_id uuid, p_actor text
)
returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    v_before ringup.staff;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if not exists (select from ringup.vendors v where v.id = p_vendor_id) then
        raise exception using errcode = 'RU008', message = format('vendor %s does not exist', p_vendor_id);
    end if;
    if not exists (select from ringup.staff_roles r where r.name = p_role) then
        raise exception using errcode = 'RU230', message = format('there is no role %s', p_role);
    end if;
    perform ringup.permit(p_vendor_id, p_by_staff_id, 'manage_staff', null, null, p_approval_id, p_staff_id::text);
    select * into v_before
      from ringup.staff s where s.vendor_id = p_vendor_id and s.id = p_staff_id for update;
    perform ringup.check_rank(p_vendor_id, p_by_staff_id, v_before.role);
    perform ringup.check_rank(p_vendor_id, p_by_staff_id, p_role);
    if exists (select from ringup.staff s
                where s.vendor_id = p_vendor_id and s.name = p_name and s.id <> p_staff_id) then
        raise exception using errcode = 'RU113', message = format('somebody is called %s already', p_name);
    end if;
    insert into ringup.staff as s (vendor_id, id, name, role, is_active, created_at, updated_at)
    values (p_vendor_id, p_staff_id, p_name, p_role, p_is_active, ringup.now(), ringup.now())
    on conflict (vendor_id, id) do update
       set name = excluded.name, role = excluded.role, is_active = excluded.is_active, updated_at = ringup.now();
    if not p_is_active then
        perform ringup.end_sign_ins(p_vendor_id, p_staff_id, 'deactivated');
    end if;
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'staff_saved', 'staff', p_staff_id::text,
        case when v_before.id is not null then jsonb_build_object(
            'name', v_before.name, 'role', v_before.role, 'is_active', v_before.is_active) end,
        jsonb_build_object('name', p_name, 'role', p_role, 'is_active', p_is_active));
    if p_pin_hash is not null then
        perform ringup.put_pin(p_vendor_id, p_staff_id, p_pin_hash, p_actor);
    end if;
    return v_before.id is null;
end
$$;
