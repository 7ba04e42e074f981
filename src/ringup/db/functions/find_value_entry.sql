-- find_value_entry(vendor, reference type, reference) → the ledger row that moved it; all nulls if nothing did
--
-- Why      Whoever repeats a request is told what came of it the first time.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.find_value_entry(p_vendor_id uuid, p_reference_type text, p_reference_id text)
returns ringup.stored_value_transactions
language sql
as $$
    select t.*
      from ringup.stored_value_transactions t
     where t.vendor_id = p_vendor_id and t.reference_type = p_reference_type and t.reference_id = p_reference_id
     limit 1
$$;
