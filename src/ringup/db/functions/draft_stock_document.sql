-- draft_stock_document(vendor, document, kind, location, reason, actor, particulars) → the document, not written yet
--
-- Why      What every document needs: a store that exists, a reason and a name; and the hash by which the same
--          document is known again.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU003 location_not_found · RU208 reason_missing
create or replace function ringup.draft_stock_document(
    p_vendor_id uuid, p_document_id uuid, p_kind text, p_location_id uuid, p_reason text, p_actor text,
    p_particulars jsonb
)
returns ringup.stock_documents
language plpgsql
as $$
declare
    v_document ringup.stock_documents;
begin
    if trim(coalesce(p_reason, '')) = '' or coalesce(p_actor, '') = '' then
        raise exception using errcode = 'RU208', message = 'stock moves with a reason and a name';
    end if;
    perform ringup.check_stock_location(p_vendor_id, p_location_id);
    v_document.vendor_id := p_vendor_id;
    v_document.id := p_document_id;
    v_document.kind := p_kind;
    v_document.location_id := p_location_id;
    v_document.reason := p_reason;
    v_document.done_by := p_actor;
    v_document.request_hash := pg_catalog.sha256(pg_catalog.convert_to(
        jsonb_build_array(p_kind, p_location_id, p_reason, p_particulars)::text, 'UTF8'));
    return v_document;
end
$$;
