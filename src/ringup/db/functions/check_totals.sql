-- check_totals(subtotal, discount, points value, tip, points) → nothing
--
-- Why      No total is negative or beyond what a document may carry, and points are never worth
--          more than the goods.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU204 amount_out_of_range · RU206 redemption_too_large · RU207 points_out_of_range
create or replace function ringup.check_totals(
    p_subtotal bigint, p_discount bigint, p_points_value bigint, p_tip bigint, p_points integer
)
returns void
language plpgsql immutable
as $$
begin
    if p_points is null or p_points < 0 then
        raise exception using errcode = 'RU207', message = format('%s is not a number of points', p_points);
    end if;
    if p_subtotal is null or p_tip is null or p_tip < 0 or p_subtotal + p_tip > 1000000000000 then
        raise exception using errcode = 'RU204',
            message = format('a total of %s with a tip of %s is out of range', p_subtotal, p_tip);
    end if;
    if p_points_value > p_subtotal - p_discount then
        raise exception using errcode = 'RU206',
            message = format('%s points are worth %s, more than the %s that are due',
                             p_points, p_points_value, p_subtotal - p_discount),
            detail = json_build_object('points_value_minor', p_points_value,
                                       'due_minor', p_subtotal - p_discount)::text;
    end if;
end
$$;
