-- calculate_loyalty_points_to_earn(vendor, amount) → points
--
-- Why      Points are computed here, from what was paid (major units), by the vendor's programme in force; a
--          client can never state its own. Rounded down, then the points for an order. No programme, or nothing
--          paid, earns 0. What depends on goods or customer (rules, tiers, campaigns) is in a sale's promise alone.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU207 points_out_of_range
create or replace function ringup.calculate_loyalty_points_to_earn(p_vendor_id uuid, p_amount numeric)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    v_programme ringup.loyalty_programmes;
    v_points    numeric;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_programme := ringup.current_programme(p_vendor_id);
    if v_programme.vendor_id is null or coalesce(p_amount, 0) <= 0 then
        return 0;
    end if;
    v_points := floor(p_amount * v_programme.points_per_unit) + v_programme.points_per_order;
    if v_points > 2147483647 then
        raise exception using errcode = 'RU207', message = format('%s points are more than an account can hold', v_points);
    end if;
    return v_points::integer;
end
$$;
