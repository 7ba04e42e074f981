-- check_adjustment(vendor, points, reason, actor, role, expires at) → nothing
--
-- Why      What an adjustment must be, whoever it is for: some points, a reason and a name, within what the role may
--          move, and with an expiry that is still to come.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU207 points_out_of_range · RU209 adjustment_too_large · RU210 expiry_in_the_past
create or replace function ringup.check_adjustment(
    p_vendor_id uuid, p_points integer, p_reason text, p_actor text, p_role text, p_expires_at timestamptz
)
returns void
language plpgsql
as $$
declare
    v_limit integer := ringup.adjustment_limit(p_vendor_id, p_role);
begin
    if coalesce(p_points, 0) = 0 or coalesce(p_reason, '') = '' or coalesce(p_actor, '') = '' then
        raise exception using errcode = 'RU207',
            message = 'an adjustment is some points, the reason for them and a name';
    end if;
    if p_points < 0 and p_expires_at is not null then
        raise exception using errcode = 'RU207', message = 'points that are taken away do not expire';
    end if;
    if abs(p_points::bigint) > v_limit then
        raise exception using errcode = 'RU209',
            message = format('the role %s may adjust %s points at a time, not %s', p_role, v_limit, p_points),
            detail = json_build_object('role', p_role, 'points_maximum', v_limit)::text;
    end if;
    if p_expires_at <= ringup.now() then
        raise exception using errcode = 'RU210', message = format('%s has passed', p_expires_at);
    end if;
end
$$;
