-- use_approval(vendor, approval, asker, action, amount, basis, used for) → nothing, or it raises
--
-- Why      One approval is good for one operation of the person who asked for it: of that kind, and no larger
--          than what the approver saw. Whether the approver may still do it alone is asked again.
-- Writes   approvals (one row); the settings ringup.approved_by and ringup.approval_id.
-- Locks    The approval: of two operations that come with one, the second waits, and is refused.
-- Repeats  A second call refuses.
-- Raises   RU503 approval_refused
create or replace function ringup.use_approval(
    p_vendor_id uuid, p_approval_id uuid, p_asker_id uuid, p_action text, p_amount_minor bigint,
    p_basis_minor bigint, p_used_for text
)
returns void
language plpgsql
as $$
declare
    v_approval ringup.approvals;
    v_name     text;
    v_problem  text;
begin
    select * into v_approval
      from ringup.approvals a
     where a.vendor_id = p_vendor_id and a.id = p_approval_id
       for update;
    select s.name into v_name
      from ringup.staff s
     where s.vendor_id = p_vendor_id and s.id = v_approval.approved_by and s.is_active
       and ringup.staff_rule(p_vendor_id, s.role, p_action, p_amount_minor, p_basis_minor) = 'allowed';
    v_problem := case
        when v_approval.id is null or v_approval.requested_by <> p_asker_id then 'there is no such approval'
        when v_approval.used_at is not null then 'the approval was used already'
        when v_approval.expires_at <= ringup.now() then 'the approval has expired'
        when v_approval.action <> p_action then format('the approval is for %s', v_approval.action)
        when p_amount_minor > coalesce(v_approval.amount_minor, -1)
             or p_basis_minor is not null and v_approval.basis_minor is null
             or p_amount_minor::numeric * v_approval.basis_minor
                > v_approval.amount_minor::numeric * coalesce(p_basis_minor, v_approval.basis_minor)
            then 'the approval is for less'
        when v_name is null then 'whoever approved may not do this any more'
    end;
    if v_problem is not null then
        raise exception using errcode = 'RU503', message = v_problem,
            detail = jsonb_build_object('action', p_action, 'approval_id', p_approval_id)::text;
    end if;
    update ringup.approvals a
       set used_at = ringup.now(), used_for = p_used_for
     where a.vendor_id = p_vendor_id and a.id = p_approval_id;
    perform pg_catalog.set_config('ringup.approved_by', 'staff:' || v_name, true);
    perform pg_catalog.set_config('ringup.approval_id', p_approval_id::text, true);
end
$$;
