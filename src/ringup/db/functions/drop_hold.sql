-- drop_hold(vendor, customer, points) → nothing
--
-- Why      Points that were set aside are everybody's again.
-- Writes   customers.
-- Locks    The customer row.
-- Repeats  Not idempotent; the caller turns orders.holds.
-- Raises   Nothing.
create or replace function ringup.drop_hold(p_vendor_id uuid, p_customer_id uuid, p_points integer)
returns void
language sql
as $$
    update ringup.customers c
       set loyalty_points_held = c.loyalty_points_held - p_points,
           loyalty_overdrawn = c.loyalty_overdrawn and c.loyalty_points < c.loyalty_points_held - p_points,
           updated_at = ringup.now()
     where c.vendor_id = p_vendor_id and c.id = p_customer_id and p_points > 0
$$;
