-- staff_rule(vendor, role, action, amount, basis) → allowed, needs_approval or denied
--
-- Why      What a role may do: the vendor's own rule, else the default, else denied. Up to its limits the
--          rule holds, beyond any of them the next stricter. A limit on what was not said counts as passed.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.staff_rule(
    p_vendor_id uuid, p_role text, p_action text, p_amount_minor bigint, p_basis_minor bigint
)
returns text
language plpgsql stable
as $$
declare
    v_rule    text;
    v_minor   bigint;
    v_percent smallint;
begin
    select r.rule, r.limit_minor, r.limit_percent into v_rule, v_minor, v_percent
      from ringup.staff_rules r
     where r.vendor_id = p_vendor_id and r.role = p_role and r.action = p_action;
    if not found then
        select d.rule, d.limit_percent into v_rule, v_percent
          from ringup.staff_rules_default d
         where d.role = p_role and d.action = p_action;
    end if;
    if coalesce(p_amount_minor > v_minor, v_minor is not null)
       or coalesce(p_amount_minor::numeric * 100 > p_basis_minor::numeric * v_percent, v_percent is not null) then
        return case v_rule when 'allowed' then 'needs_approval' else 'denied' end;
    end if;
    return coalesce(v_rule, 'denied');
end
$$;
