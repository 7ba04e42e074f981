-- give_approval(vendor, approval, action, amount, basis, asker, approver, reason) → until when it is good
--
-- Why      Another person's PIN stands for one operation that the asker may not do alone. The caller has
--          checked the PIN. Five minutes are enough to press the button once more.
-- Writes   approvals, audit_log (in both names).
-- Locks    Nothing beyond its own row.
-- Repeats  A second one with this id refuses.
-- Raises   RU020 staff_not_found · RU113 already_exists · RU208 reason_missing · RU230 rule_invalid
--          · RU503 approval_refused · RU504 self_approval
create or replace function ringup.give_approval(
    p_vendor_id uuid, p_approval_id uuid, p_action text, p_amount_minor bigint, p_basis_minor bigint,
    p_requested_by uuid, p_approved_by uuid, p_reason text
)
returns timestamptz
language plpgsql security definer set search_path = ''
as $$
declare
    v_asker    text;
    v_approver ringup.staff;
    v_until    timestamptz := ringup.now() + interval '5 minutes';
begin
    perform ringup.enter_vendor(p_vendor_id);
    if p_requested_by = p_approved_by then
        raise exception using errcode = 'RU504', message = 'nobody approves for themselves';
    end if;
    if coalesce(p_reason, '') = '' then
        raise exception using errcode = 'RU208', message = 'an approval needs a reason';
    end if;
    if not exists (select from ringup.staff_actions a where a.name = p_action) then
        raise exception using errcode = 'RU230', message = format('there is no action %s', p_action);
    end if;
    select s.name into v_asker
      from ringup.staff s where s.vendor_id = p_vendor_id and s.id = p_requested_by and s.is_active;
    select * into v_approver
      from ringup.staff s where s.vendor_id = p_vendor_id and s.id = p_approved_by and s.is_active;
    if v_asker is null or v_approver.id is null then
        raise exception using errcode = 'RU020', message = 'the person does not exist';
    end if;
    if ringup.staff_rule(p_vendor_id, v_approver.role, p_action, p_amount_minor, p_basis_minor) <> 'allowed' then
        raise exception using errcode = 'RU503',
            message = format('a person in the role %s may not approve this', v_approver.role),
            detail = jsonb_build_object('action', p_action, 'may_approve', ringup.staff_who_may(
                p_vendor_id, p_action, p_amount_minor, p_basis_minor, p_requested_by))::text;
    end if;
    insert into ringup.approvals (
        vendor_id, id, action, amount_minor, basis_minor, requested_by, approved_by, reason, created_at, expires_at)
    values (p_vendor_id, p_approval_id, p_action, p_amount_minor, p_basis_minor, p_requested_by, p_approved_by,
            p_reason, ringup.now(), v_until)
    on conflict do nothing;
    if not found then
        raise exception using errcode = 'RU113', message = format('there is an approval %s already', p_approval_id);
    end if;
    perform pg_catalog.set_config('ringup.approved_by', 'staff:' || v_approver.name, true);
    perform pg_catalog.set_config('ringup.approval_id', p_approval_id::text, true);
    perform ringup.write_audit(
        p_vendor_id, 'staff:' || v_asker, 'approval_given', 'approval', p_approval_id::text, null,
        jsonb_build_object('action', p_action, 'amount_minor', p_amount_minor, 'basis_minor', p_basis_minor,
                           'reason', p_reason));
    return v_until;
end
$$;
