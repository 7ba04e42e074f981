-- set_staff_pin(vendor, person, hash, by whom, approval, actor) → nothing
--
-- Why      A person gets a PIN, or another one. The PIN itself never comes here.
-- Writes   staff, staff_sign_ins, approvals, audit_log.
-- Locks    The approval, the person's row, the person's sign-ins.
-- Repeats  Safe.
-- Raises   RU020 staff_not_found · RU501 action_denied · RU502 approval_needed · RU503 approval_refused
create or replace function ringup.set_staff_pin(
    p_vendor_id uuid, p_staff_id uuid, p_pin_hash text, p_by_staff_id uuid, p_approval_id uuid, p_actor text
)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
    v_role text;
begin
    perform ringup.enter_vendor(p_vendor_id);
    perform ringup.permit(p_vendor_id, p_by_staff_id, 'manage_staff', null, null, p_approval_id, p_staff_id::text);
    select s.role into v_role
      from ringup.staff s where s.vendor_id = p_vendor_id and s.id = p_staff_id for update;
    if not found then
        raise exception using errcode = 'RU020', message = format('person %s does not exist', p_staff_id);
    end if;
    perform ringup.check_rank(p_vendor_id, p_by_staff_id, v_role);
    perform ringup.put_pin(p_vendor_id, p_staff_id, p_pin_hash, p_actor);
end
$$;
