-- hold_points(vendor, customer, points) → what they are worth, in minor units
--
-- Why      Points are set aside before anybody is charged, so that spending them cannot fail after.
-- Writes   customers (loyalty_points_held), and what expire_points_of writes.
-- Locks    The customer row.
-- Repeats  Not idempotent; called once, with the order's creation.
-- Raises   RU102 insufficient_points · RU110 customer_inactive
--          · RU206 redemption_too_large, when there is no customer or programme
create or replace function ringup.hold_points(p_vendor_id uuid, p_customer_id uuid, p_points integer)
returns bigint
language plpgsql
as $$
declare
    v_programme ringup.loyalty_programmes := ringup.current_programme(p_vendor_id);
    v_customer  ringup.customers;
begin
    if p_customer_id is null or v_programme.vendor_id is null then
        raise exception using errcode = 'RU206', message = 'points are redeemed by a customer in a loyalty programme';
    end if;
    v_customer := ringup.lock_points(p_vendor_id, p_customer_id);
    if not v_customer.is_active then
        raise exception using errcode = 'RU110', message = format('customer %s is not active', p_customer_id);
    end if;
    perform ringup.check_available(v_customer, p_points);
    update ringup.customers c
       set loyalty_points_held = c.loyalty_points_held + p_points, updated_at = ringup.now()
     where c.vendor_id = p_vendor_id and c.id = p_customer_id;
    return p_points * v_programme.point_value_minor;
end
$$;
