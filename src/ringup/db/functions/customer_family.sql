-- customer_family(vendor, customer) → the customer, and everybody who was merged into them
--
-- Why      What a duplicate bought and was granted counts for the person that is left.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.customer_family(p_vendor_id uuid, p_customer_id uuid)
returns setof uuid
language sql stable
as $$
    with recursive family (id) as (
        select p_customer_id
        union
        select c.id
          from family f
          join ringup.customers c on c.vendor_id = p_vendor_id and c.merged_into = f.id
    )

    select f.id from family f
$$;
