-- write_audit(vendor, actor, action, row type, row id, before, after) → nothing
--
-- Why      Who did what to which row, in the transaction that did it; and who approved it, if permit said so.
-- Writes   audit_log (one row).
-- Locks    Nothing.
-- Repeats  Every call is another row.
-- Raises   Nothing.
create or replace function ringup.write_audit(
    p_vendor_id uuid, p_actor text, p_action text, p_row_type text, p_row_id text, p_before jsonb, p_after jsonb
)
returns void
language sql
as $$
    insert into ringup.audit_log (vendor_id, id, actor, action, row_type, row_id, before, after, origin,
                                  approved_by, approval_id, created_at)
    values (p_vendor_id, ringup.new_id(), p_actor, p_action, p_row_type, p_row_id, p_before, p_after,
            pg_catalog.current_setting('application_name', true),
            nullif(pg_catalog.current_setting('ringup.approved_by', true), ''),
            nullif(pg_catalog.current_setting('ringup.approval_id', true), '')::uuid, ringup.now())
$$;
