-- permit(vendor, person, action, amount, basis, approval, used for) → nothing, or it raises
--
-- Why      Inside the function that does something: may this person do it, alone or with another's approval?
--          The approval is used up by the same transaction, so it cannot be without what it was for, nor for
--          two things. No person means the API key's own request, which its scopes alone decide on.
--          The amount is in minor units; the basis is what the amount is a part of, for limits in percent.
-- Writes   approvals (one row, where one is needed); the settings ringup.approved_by and ringup.approval_id,
--          which write_audit reads until the next entry function begins.
-- Locks    The approval. Called before anything else is locked.
-- Repeats  An approval is good for one call, also for one with the same used_for: callers that may be
--          repeated look for their own repeats first.
-- Raises   RU020 staff_not_found · RU501 action_denied · RU502 approval_needed · RU503 approval_refused
create or replace function ringup.permit(
    p_vendor_id uuid, p_staff_id uuid, p_action text, p_amount_minor bigint, p_basis_minor bigint,
    p_approval_id uuid, p_used_for text
)
returns void
language plpgsql
as $$
declare
    v_role  text;
    v_facts jsonb;
begin
    if p_staff_id is null then
        return;
    end if;
    select s.role into v_role
      from ringup.staff s
     where s.vendor_id = p_vendor_id and s.id = p_staff_id and s.is_active;
    if not found then
        raise exception using errcode = 'RU020', message = format('person %s does not exist', p_staff_id);
    end if;
    v_facts := jsonb_build_object('action', p_action, 'role', v_role,
                                  'amount_minor', p_amount_minor, 'basis_minor', p_basis_minor);
    case ringup.staff_rule(p_vendor_id, v_role, p_action, p_amount_minor, p_basis_minor)
        when 'allowed' then
            return;
        when 'denied' then
            raise exception using errcode = 'RU501',
                message = format('%s is not for a person in the role %s', p_action, v_role), detail = v_facts::text;
        else
            null;
    end case;
    if p_approval_id is null then
        raise exception using errcode = 'RU502',
            message = format('%s needs the approval of another person', p_action),
            detail = (v_facts || jsonb_build_object('may_approve', ringup.staff_who_may(
                p_vendor_id, p_action, p_amount_minor, p_basis_minor, p_staff_id)))::text;
    end if;
    perform ringup.use_approval(p_vendor_id, p_approval_id, p_staff_id, p_action, p_amount_minor, p_basis_minor,
                                p_used_for);
end
$$;
