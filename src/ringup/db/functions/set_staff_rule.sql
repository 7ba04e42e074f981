-- set_staff_rule(vendor, role, action, rule, limits, by whom, approval, actor) → nothing
--
-- Why      What a role may do in this vendor's stores, from now on. A rule of null is the default again.
-- Writes   staff_rules, approvals, audit_log.
-- Locks    The approval, and its own row.
-- Repeats  Safe.
-- Raises   RU020 staff_not_found · RU230 rule_invalid · RU501 action_denied · RU502 approval_needed
--          · RU503 approval_refused
create or replace function ringup.set_staff_rule(
    p_vendor_id uuid, p_role text, p_action text, p_rule text, p_limit_minor bigint, p_limit_percent integer,
    p_by_staff_id uuid, p_approval_id uuid, p_actor text
)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
    v_named text := p_role || ':' || p_action;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if not exists (select from ringup.staff_rules_default d where d.role = p_role and d.action = p_action) then
        raise exception using errcode = 'RU230', message = format('there is no role %s or no action %s', p_role, p_action);
    end if;
    if p_rule not in ('allowed', 'needs_approval', 'denied') or p_limit_minor < 0
       or p_limit_percent not between 0 and 100
       or coalesce(p_rule, 'denied') = 'denied' and num_nonnulls(p_limit_minor, p_limit_percent) > 0 then
        raise exception using errcode = 'RU230',
            message = format('the rule %s with limits %s and %s %% cannot be', p_rule, p_limit_minor, p_limit_percent);
    end if;
    perform ringup.permit(p_vendor_id, p_by_staff_id, 'manage_staff', null, null, p_approval_id, v_named);
    perform ringup.check_rank(p_vendor_id, p_by_staff_id, p_role);
    if p_rule is null then
        delete from ringup.staff_rules r
         where r.vendor_id = p_vendor_id and r.role = p_role and r.action = p_action;
    else
        insert into ringup.staff_rules as r (vendor_id, role, action, rule, limit_minor, limit_percent, updated_at)
        values (p_vendor_id, p_role, p_action, p_rule, p_limit_minor, p_limit_percent, ringup.now())
        on conflict (vendor_id, role, action) do update
           set rule = excluded.rule, limit_minor = excluded.limit_minor, limit_percent = excluded.limit_percent,
               updated_at = excluded.updated_at;
    end if;
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'staff_rule_set', 'staff_rule', v_named, null,
        jsonb_build_object('rule', p_rule, 'limit_minor', p_limit_minor, 'limit_percent', p_limit_percent));
end
$$;
