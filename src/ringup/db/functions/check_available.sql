-- check_available(customer, points, own) → nothing
--
-- Why      Nobody spends, sets aside or loses points that are not there. What is held for this very purpose (p_own)
--          counts as available.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the customer, after what is due has expired.
-- Repeats  Safe.
-- Raises   RU102 insufficient_points
create or replace function ringup.check_available(
    p_customer ringup.customers, p_points bigint, p_own integer default 0
)
returns void
language plpgsql
as $$
declare
    v_available integer := ringup.available_points(p_customer) + p_own;
begin
    if v_available < p_points then
        v_available := greatest(v_available, 0);
        raise exception using errcode = 'RU102',
            message = format('Insufficient loyalty points. Available: %s, Requested: %s', v_available, p_points),
            detail = json_build_object('available', v_available, 'requested', p_points)::text;
    end if;
end
$$;
