-- lock_survivor(vendor, customer) → the customer, or whom the customer was merged into, locked, after what is due expired
--
-- Why      What was begun for a duplicate ends with whoever the duplicate became, also when the merge commits while
--          this waits.
-- Writes   What expire_points_of writes.
-- Locks    The customer row at the end of the chain.
-- Repeats  Safe.
-- Raises   RU005 customer_not_found
create or replace function ringup.lock_survivor(p_vendor_id uuid, p_customer_id uuid)
returns ringup.customers
language plpgsql
as $$
declare
    v_customer ringup.customers;
begin
    loop
        v_customer := ringup.lock_points(
            p_vendor_id, coalesce(ringup.surviving_customer(p_vendor_id, p_customer_id), p_customer_id));
        exit when v_customer.merged_into is null;
    end loop;
    return v_customer;
end
$$;
