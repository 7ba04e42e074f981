-- set_recount_limit(vendor, amount, person, approval, actor) → nothing
--
-- Why      By how much a count may be off and be good enough at once. Beyond it the drawer is counted a second time.
-- Writes   vendors (recount_over_minor), approvals, audit_log.
-- Locks    The approval, the vendor's row.
-- Repeats  Safe.
-- Raises   RU020 staff_not_found · RU204 amount_out_of_range · RU501 action_denied · RU502 approval_needed
--          · RU503 approval_refused
create or replace function ringup.set_recount_limit(
    p_vendor_id uuid, p_amount_minor bigint, p_staff_id uuid, p_approval_id uuid, p_actor text
)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
    v_before bigint;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(p_amount_minor not between 0 and 1000000000000, true) then
        raise exception using errcode = 'RU204', message = format('a limit of %s is out of range', p_amount_minor);
    end if;
    perform ringup.permit(p_vendor_id, p_staff_id, 'manage_settings', null, null, p_approval_id, 'recount_limit');
    select v.recount_over_minor into v_before from ringup.vendors v where v.id = p_vendor_id for no key update;
    update ringup.vendors v set recount_over_minor = p_amount_minor where v.id = p_vendor_id;
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'recount_limit_set', 'vendor', p_vendor_id::text,
        jsonb_build_object('recount_over_minor', v_before), jsonb_build_object('recount_over_minor', p_amount_minor));
end
$$;
