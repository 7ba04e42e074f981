-- permit_reading(vendor, person, action, approval) → nothing, or it raises
--
-- Why      What a person may only look at is read from a view, which cannot refuse: asked for first.
-- Writes   approvals (one row) and audit_log (one row), where an approval is needed.
-- Locks    The approval.
-- Repeats  Safe where no approval is needed; an approval is good for one look.
-- Raises   RU020 staff_not_found · RU501 action_denied · RU502 approval_needed · RU503 approval_refused
create or replace function ringup.permit_reading(
    p_vendor_id uuid, p_staff_id uuid, p_action text, p_approval_id uuid, p_actor text
)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    perform ringup.permit(p_vendor_id, p_staff_id, p_action, null, null, p_approval_id, 'reading');
    if pg_catalog.current_setting('ringup.approval_id', true) <> '' then
        perform ringup.write_audit(p_vendor_id, p_actor, p_action, 'staff', p_staff_id::text, null, null);
    end if;
end
$$;
