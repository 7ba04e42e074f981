-- send_stock(vendor, transfer, from, to, products, codes, quantities, reason, actor, person, approval)
--   → whether anything moved
--
-- Why      One side of a transfer: goods leave a store for another. Until they arrive they are nobody's to sell, and
--          the view stock_in_transit shows them. Never what sales under way hold. All lines or none.
-- Writes   stock_documents, stock_document_lines, inventory, inventory_movements, approvals, audit_log.
-- Locks    The transfer's id, the approval, then the sender's inventory rows in the order of their product ids.
-- Repeats  Safe: the same transfer again moves nothing. The same id with other particulars refuses.
-- Raises   RU003 location_not_found · RU006 product_not_found · RU020 staff_not_found · RU113 already_exists
--          · RU116 stock_below_zero · RU170 stock_not_tracked · RU204 amount_out_of_range · RU208 reason_missing
--          · RU270 stock_lines_invalid · RU501 action_denied · RU502 approval_needed · RU503 approval_refused
create or replace function ringup.send_stock(
    p_vendor_id uuid, p_transfer_id uuid, p_from_location_id uuid, p_to_location_id uuid, p_product_ids uuid[],
    p_codes text[], p_quantities bigint[], p_reason text, p_actor text, p_staff_id uuid, p_approval_id uuid
)
returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    v_document ringup.stock_documents;
begin
    perform ringup.enter_vendor(p_vendor_id);
    perform ringup.check_stock_location(p_vendor_id, p_to_location_id);
    if p_to_location_id = p_from_location_id then
        raise exception using errcode = 'RU270', message = 'a transfer goes to another store';
    end if;
    v_document := ringup.draft_stock_document(
        p_vendor_id, p_transfer_id, 'sending', p_from_location_id, p_reason, p_actor,
        jsonb_build_array(p_to_location_id, p_product_ids, p_codes, p_quantities));
    v_document.to_location_id := p_to_location_id;
    if ringup.was_stock_posted(v_document) then
        return false;
    end if;
    perform ringup.post_stock(v_document, ringup.check_stock_lines(p_vendor_id, p_product_ids, p_codes, p_quantities, 1),
                              'transfer_stock', p_staff_id, p_approval_id);
    return true;
end
$$;
