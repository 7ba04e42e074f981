-- adjustment_limit(vendor, role) → the most points that one adjustment by this role may move, or null for any number
--
-- Why      A cashier asks a manager. The vendor says how much each role may move; where it says nothing, a cashier may
--          move none, a supervisor 500, a manager 10,000, and an owner, an operator or an API key any number. A role
--          that nobody knows may move none.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.adjustment_limit(p_vendor_id uuid, p_role text)
returns integer
language plpgsql
as $$
declare
    v_limit integer;
begin
    select l.points_maximum into v_limit
      from ringup.loyalty_adjustment_limits l
     where l.vendor_id = p_vendor_id and l.role = p_role;
    if found then
        return v_limit;
    end if;
    return case
        when p_role in ('owner', 'operator', 'api') then null
        when p_role = 'manager' then 10000
        when p_role = 'supervisor' then 500
        else 0 end;
end
$$;
