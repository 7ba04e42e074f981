-- receive_transfer(vendor, arrival, transfer, products, codes, quantities, shortfall, actor, person, approval)
--   → whether anything moved
--
-- Why      The other side of a transfer: what arrived is counted and can be sold here. What was sent and is not among
--          the lines did not arrive. Less than was sent needs a word why (shortfall); more than was sent refuses.
--          A transfer arrives once. It may be that nothing arrives.
-- Writes   stock_documents, stock_document_lines, inventory, inventory_movements, approvals, audit_log.
-- Locks    The arrival's id, the transfer's id, the approval, then the receiver's inventory rows in the order of their
--          product ids.
-- Repeats  Safe: the same arrival again moves nothing. The same id with other particulars refuses.
-- Raises   RU006 product_not_found · RU017 transfer_not_found · RU020 staff_not_found · RU113 already_exists
--          · RU170 stock_not_tracked · RU172 transfer_arrived · RU173 not_sent · RU204 amount_out_of_range
--          · RU208 reason_missing · RU270 stock_lines_invalid · RU501 action_denied · RU502 approval_needed
--          · RU503 approval_refused
create or replace function ringup.receive_transfer(
    p_vendor_id uuid, p_arrival_id uuid, p_transfer_id uuid, p_product_ids uuid[], p_codes text[],
    p_quantities bigint[], p_shortfall text, p_actor text, p_staff_id uuid, p_approval_id uuid
)
returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    v_sending  ringup.stock_documents;
    v_document ringup.stock_documents;
    v_sent     ringup.stock_line[];
    v_lines    ringup.stock_line[];
begin
    perform ringup.enter_vendor(p_vendor_id);
    select * into v_sending
      from ringup.stock_documents d
     where d.vendor_id = p_vendor_id and d.id = p_transfer_id and d.kind = 'sending';
    if not found then
        raise exception using errcode = 'RU017', message = format('transfer %s does not exist', p_transfer_id);
    end if;
    v_document := ringup.draft_stock_document(
        p_vendor_id, p_arrival_id, 'arrival', v_sending.to_location_id, v_sending.reason, p_actor,
        jsonb_build_array(p_transfer_id, p_shortfall, p_product_ids, p_codes, p_quantities));
    v_document.sending_id := p_transfer_id;
    v_document.shortfall := nullif(trim(p_shortfall), '');
    if ringup.was_stock_posted(v_document) then
        return false;
    end if;
    perform ringup.take_turn(p_transfer_id);
    if exists (select from ringup.stock_documents d where d.vendor_id = p_vendor_id and d.sending_id = p_transfer_id) then
        raise exception using errcode = 'RU172', message = format('transfer %s arrived already', p_transfer_id);
    end if;
    if cardinality(p_quantities) > 0 then
        v_lines := ringup.check_stock_lines(p_vendor_id, p_product_ids, p_codes, p_quantities, 0);
    end if;
    v_sent := ringup.sent_lines(p_vendor_id, p_transfer_id);
    v_lines := ringup.match_arrival(v_sent, v_lines, v_document.shortfall);
    perform ringup.permit(p_vendor_id, p_staff_id, 'transfer_stock', ringup.stock_worth(v_sent), null, p_approval_id,
                          p_arrival_id::text);
    perform ringup.write_stock_document(v_document);
    for v_number in 1 .. cardinality(v_lines) loop
        perform ringup.move_stock_line(v_document, v_lines[v_number], v_lines[v_number].quantity,
                                       v_sent[v_number].quantity);
    end loop;
    return true;
end
$$;
