-- may_see_cash(vendor, person) → whether the person may see what a drawer should hold before it was counted
--
-- Why      A blind count is only blind if every place that shows cash asks this. Nobody in particular is an API key's own
--          request, which its scopes alone decide on.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU020 staff_not_found
create or replace function ringup.may_see_cash(p_vendor_id uuid, p_staff_id uuid)
returns boolean
language plpgsql stable
as $$
declare
    v_role text;
begin
    if p_staff_id is null then
        return true;
    end if;
    select s.role into v_role
      from ringup.staff s
     where s.vendor_id = p_vendor_id and s.id = p_staff_id and s.is_active;
    if not found then
        raise exception using errcode = 'RU020', message = format('person %s does not exist', p_staff_id);
    end if;
    return ringup.staff_rule(p_vendor_id, v_role, 'see_expected_cash', null, null) = 'allowed';
end
$$;
