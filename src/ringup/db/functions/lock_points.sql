-- lock_points(vendor, customer) → the customer row, locked, after what is due has expired
--
-- Why      Whoever holds, spends, adjusts or takes back points looks at the balance of this very moment, and not at
--          that of the last nightly run.
-- Writes   What expire_points_of writes.
-- Locks    The customer row.
-- Repeats  Safe.
-- Raises   RU005 customer_not_found
create or replace function ringup.lock_points(p_vendor_id uuid, p_customer_id uuid)
returns ringup.customers
language plpgsql
as $$
declare
    v_customer ringup.customers;
begin
    select * into v_customer
      from ringup.customers c
     where c.vendor_id = p_vendor_id and c.id = p_customer_id
       for no key update;
    if not found then
        raise exception using errcode = 'RU005', message = format('customer %s does not exist', p_customer_id);
    end if;
    if ringup.expire_points_of(p_vendor_id, p_customer_id) > 0 then
        select * into v_customer from ringup.customers c where c.vendor_id = p_vendor_id and c.id = p_customer_id;
    end if;
    return v_customer;
end
$$;
