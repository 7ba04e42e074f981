-- available_points(customer) → the points that are free to spend: neither held nor pending
--
-- Why      One meaning of "available" for everybody. Below zero where the programme let the balance go there.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the customer, after what is due has expired.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.available_points(p_customer ringup.customers)
returns integer
language plpgsql
as $$
begin
    return (
    select p_customer.loyalty_points - p_customer.loyalty_points_held - coalesce(sum(l.remaining), 0)::integer
      from ringup.loyalty_lots l
     where l.vendor_id = p_customer.vendor_id and l.customer_id = p_customer.id
       and l.remaining > 0 and l.available_at > ringup.now()
    );
end
$$;
