-- surviving_customer(vendor, customer) → the customer themselves, or at the end of the chain who they were merged into
--
-- Why      What was begun for a duplicate ends with whoever the duplicate became.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.surviving_customer(p_vendor_id uuid, p_customer_id uuid)
returns uuid
language sql
as $$
    with recursive chain as (
        select c.id, c.merged_into from ringup.customers c where c.vendor_id = p_vendor_id and c.id = p_customer_id
        union
        select c.id, c.merged_into
          from chain
          join ringup.customers c on c.vendor_id = p_vendor_id and c.id = chain.merged_into
    )
    select chain.id from chain where chain.merged_into is null
$$;
