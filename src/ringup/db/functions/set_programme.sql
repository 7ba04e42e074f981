-- set_programme(vendor, points per unit, point value, actor) → nothing
--
-- Why      A new loyalty programme from now on. What was granted before stays as it was.
-- Writes   loyalty_programmes (one row), audit_log.
-- Locks    Nothing beyond its own row.
-- Repeats  Every call is another version.
-- Raises   RU204 amount_out_of_range
create or replace function ringup.set_programme(
    p_vendor_id uuid, p_points_per_unit numeric, p_point_value_minor bigint, p_actor text
)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    if p_points_per_unit not between 0 and 1000000 or p_point_value_minor not between 1 and 1000000 then
        raise exception using errcode = 'RU204',
            message = format('%s points per unit worth %s each are out of range', p_points_per_unit, p_point_value_minor);
    end if;
    insert into ringup.loyalty_programmes (vendor_id, valid_from, points_per_unit, point_value_minor, created_at)
    values (p_vendor_id, ringup.now(), p_points_per_unit, p_point_value_minor, ringup.now());
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'programme_set', 'loyalty_programme', p_vendor_id::text, null,
        jsonb_build_object('points_per_unit', p_points_per_unit, 'point_value_minor', p_point_value_minor));
end
$$;
