-- vendor_of_customer(customer) → the vendor whose customer this is, or null
--
-- Why      The points functions are called by people who know a customer and not a vendor. Owned by
--          ringup_directory, a role that may see which vendor an id belongs to and nothing else.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.vendor_of_customer(p_customer_id uuid)
returns uuid
language sql stable security definer set search_path = ''
as $$ select c.vendor_id from ringup.customers c where c.id = p_customer_id limit 1 $$;
