-- points_free(customer) → the points that can be spent now, 0 or more
--
-- Why      The balance without what is held, what is not available yet, and what has expired though no run has
--          taken it yet. Expiry leaves what is held.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.points_free(p_customer ringup.customers)
returns integer
language plpgsql
as $$
declare
    v_now     timestamptz := ringup.now();
    v_expired bigint;
    v_pending bigint;
begin
    select coalesce(sum(l.remaining) filter (where l.expires_at <= v_now), 0),
           coalesce(sum(l.remaining) filter (where l.available_at > v_now), 0)
      into v_expired, v_pending
      from ringup.loyalty_lots l
     where l.vendor_id = p_customer.vendor_id and l.customer_id = p_customer.id and l.remaining > 0;
    return greatest(0, p_customer.loyalty_points - p_customer.loyalty_points_held - v_pending
                       - greatest(0, v_expired - p_customer.loyalty_points_held));
end
$$;
