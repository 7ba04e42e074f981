-- check_rank(vendor, person, role) → nothing, or it raises
--
-- Why      Nobody manages people or rules of their own role or a higher one, except the highest: else a
--          manager could give a colleague a PIN, and approve with it what the colleague never saw.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU501 action_denied
create or replace function ringup.check_rank(p_vendor_id uuid, p_staff_id uuid, p_role text)
returns void
language plpgsql
as $$
declare
    v_own   ringup.staff_roles;
    v_other smallint := (select r.rank from ringup.staff_roles r where r.name = p_role);
begin
    if p_staff_id is null or p_role is null then
        return;
    end if;
    select r.* into v_own
      from ringup.staff s
      join ringup.staff_roles r on r.name = s.role
     where s.vendor_id = p_vendor_id and s.id = p_staff_id;
    if v_own.rank <= v_other and v_own.rank < (select max(r.rank) from ringup.staff_roles r) then
        raise exception using errcode = 'RU501',
            message = format('a person in the role %s manages lower roles only, not %s', v_own.name, p_role),
            detail = jsonb_build_object('action', 'manage_staff', 'role', v_own.name)::text;
    end if;
end
$$;
