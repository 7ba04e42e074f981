-- find_processor_access(vendor, terminal) → what it takes to speak to a terminal
--
-- Why      Asked between two steps of a sale: one statement, where a view would take four. The credentials are encrypted.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing; no row for a terminal that does not exist.
create or replace function ringup.find_processor_access(p_vendor_id uuid, p_processor_id uuid)
returns table (
    id uuid, processor_name text, processor_type text, is_active boolean, settings jsonb, credentials bytea,
    credentials_key_id text, last_batch_number text, updated_at timestamptz
)
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    return query
        select p.id, p.processor_name, p.processor_type, p.is_active, p.settings, p.credentials,
               p.credentials_key_id, p.last_batch_number, p.updated_at
          from ringup.payment_processors p
         where p.vendor_id = p_vendor_id and p.id = p_processor_id;
end
$$;
