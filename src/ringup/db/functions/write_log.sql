-- write_log(vendor, function, level, message, context, request) → nothing
--
-- Why      What went wrong inside a step that succeeded all the same, in the step's own transaction.
-- Writes   edge_function_logs (one row).
-- Locks    Nothing.
-- Repeats  Every call is another row.
-- Raises   Nothing.
create or replace function ringup.write_log(
    p_vendor_id uuid, p_function_name text, p_level text, p_message text, p_context jsonb, p_request_id text
)
returns void
language sql
as $$
    insert into ringup.edge_function_logs (
        vendor_id, id, function_name, level, message, context, request_id, created_at)
    values (
        p_vendor_id, ringup.new_id(), p_function_name, p_level, p_message, p_context, p_request_id, ringup.now())
$$;
