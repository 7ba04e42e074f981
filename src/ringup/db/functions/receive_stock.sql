-- receive_stock(vendor, document, location, products, codes, quantities, reason, actor, person, approval)
--   → whether anything moved
--
-- Why      Goods come from outside. Each line names its product by id or by a code (a SKU, else a barcode); the reason
--          is what they came with, such as the number of the delivery note. All lines or none.
-- Writes   stock_documents, stock_document_lines, inventory, inventory_movements, approvals, audit_log.
-- Locks    The document's id, the approval, then the inventory rows in the order of their product ids.
-- Repeats  Safe: the same document again moves nothing. The same id with other particulars refuses.
-- Raises   RU003 location_not_found · RU006 product_not_found · RU020 staff_not_found · RU113 already_exists
--          · RU170 stock_not_tracked · RU204 amount_out_of_range · RU208 reason_missing · RU270 stock_lines_invalid
--          · RU501 action_denied · RU502 approval_needed · RU503 approval_refused
create or replace function ringup.receive_stock(
    p_vendor_id uuid, p_document_id uuid, p_location_id uuid, p_product_ids uuid[], p_codes text[],
    p_quantities bigint[], p_reason text, p_actor text, p_staff_id uuid, p_approval_id uuid
)
returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    v_document ringup.stock_documents;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_document := ringup.draft_stock_document(
        p_vendor_id, p_document_id, 'receiving', p_location_id, p_reason, p_actor,
        jsonb_build_array(p_product_ids, p_codes, p_quantities));
    if ringup.was_stock_posted(v_document) then
        return false;
    end if;
    perform ringup.post_stock(v_document, ringup.check_stock_lines(p_vendor_id, p_product_ids, p_codes, p_quantities, 1),
                              'receive_stock', p_staff_id, p_approval_id);
    return true;
end
$$;
