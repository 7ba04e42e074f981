-- write_stock_document(document) → nothing
--
-- Why      The head of a document, with who did it and who approved.
-- Writes   stock_documents (one row), audit_log.
-- Locks    Nothing.
-- Repeats  Not idempotent; the caller looked whether it is there.
-- Raises   Nothing.
create or replace function ringup.write_stock_document(p_document ringup.stock_documents)
returns void
language plpgsql
as $$
begin
    insert into ringup.stock_documents (
        vendor_id, id, kind, location_id, to_location_id, sending_id, reason, shortfall, counted_at, done_by,
        approved_by, request_hash, created_at)
    values (
        p_document.vendor_id, p_document.id, p_document.kind, p_document.location_id, p_document.to_location_id,
        p_document.sending_id, p_document.reason, p_document.shortfall, p_document.counted_at, p_document.done_by,
        nullif(pg_catalog.current_setting('ringup.approved_by', true), ''), p_document.request_hash, ringup.now());
    perform ringup.write_audit(
        p_document.vendor_id, p_document.done_by, 'stock_' || p_document.kind, 'stock_document', p_document.id::text,
        null, jsonb_strip_nulls(jsonb_build_object(
            'location_id', p_document.location_id, 'to_location_id', p_document.to_location_id,
            'sending_id', p_document.sending_id, 'reason', p_document.reason, 'shortfall', p_document.shortfall)));
end
$$;
