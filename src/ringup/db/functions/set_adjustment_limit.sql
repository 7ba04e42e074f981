-- set_adjustment_limit(vendor, role, points maximum, actor) → nothing
--
-- Why      How many points one adjustment may move, by the role of who makes it. Null means any number.
-- Writes   loyalty_adjustment_limits, audit_log.
-- Locks    The role's row.
-- Repeats  Safe.
-- Raises   RU207 points_out_of_range · RU208 reason_missing
create or replace function ringup.set_adjustment_limit(
    p_vendor_id uuid, p_role text, p_points_maximum integer, p_actor text
)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
    v_before jsonb;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if p_points_maximum < 0 then
        raise exception using errcode = 'RU207', message = format('%s is not a number of points', p_points_maximum);
    end if;
    if coalesce(p_role, '') = '' or coalesce(p_actor, '') = '' then
        raise exception using errcode = 'RU208', message = 'a limit is for a role, and somebody sets it';
    end if;
    select jsonb_build_object('points_maximum', l.points_maximum) into v_before
      from ringup.loyalty_adjustment_limits l
     where l.vendor_id = p_vendor_id and l.role = p_role;
    insert into ringup.loyalty_adjustment_limits as l (vendor_id, role, points_maximum, updated_at)
    values (p_vendor_id, p_role, p_points_maximum, ringup.now())
    on conflict (vendor_id, role) do update
       set points_maximum = excluded.points_maximum, updated_at = excluded.updated_at;
    perform ringup.write_audit(p_vendor_id, p_actor, 'adjustment_limit_set', 'role', p_role, v_before,
                               jsonb_build_object('points_maximum', p_points_maximum));
end
$$;
