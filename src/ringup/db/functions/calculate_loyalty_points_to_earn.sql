-- calculate_loyalty_points_to_earn(vendor, amount) → points
--
-- Why      Points are computed here, from what was paid (major units), by the vendor's programme in force; a
--          client can never state its own. Rounded down. No programme, or nothing paid, earns 0.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU207 points_out_of_range
create or replace function ringup.calculate_loyalty_points_to_earn(p_vendor_id uuid, p_amount numeric)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    v_points numeric;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_points := floor(greatest(p_amount, 0) * coalesce((ringup.current_programme(p_vendor_id)).points_per_unit, 0));
    if v_points > 2147483647 then
        raise exception using errcode = 'RU207', message = format('%s points are more than an account can hold', v_points);
    end if;
    return coalesce(v_points, 0)::integer;
end
$$;
