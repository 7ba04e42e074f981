-- count_stock(vendor, document, location, products, codes, quantities, counted at, reason, actor, person, approval)
--   → whether it was recorded now
--
-- Why      What a person found on the shelf is compared with what was on hand at that instant, and the difference is
--          booked: sales go on meanwhile, and what moved since is not taken for a difference. Goods that a sale under
--          way holds are still on hand. No instant means now. All lines or none.
-- Writes   stock_documents, stock_document_lines, inventory, inventory_movements, approvals, audit_log.
-- Locks    The document's id, the approval, then the inventory rows in the order of their product ids.
-- Repeats  Safe: the same document again changes nothing. The same id with other particulars refuses.
-- Raises   RU003 location_not_found · RU006 product_not_found · RU020 staff_not_found · RU113 already_exists
--          · RU116 stock_below_zero · RU170 stock_not_tracked · RU171 counted_since · RU204 amount_out_of_range
--          · RU208 reason_missing · RU270 stock_lines_invalid · RU271 count_time_invalid · RU501 action_denied
--          · RU502 approval_needed · RU503 approval_refused
create or replace function ringup.count_stock(
    p_vendor_id uuid, p_document_id uuid, p_location_id uuid, p_product_ids uuid[], p_codes text[],
    p_quantities bigint[], p_counted_at timestamptz, p_reason text, p_actor text, p_staff_id uuid, p_approval_id uuid
)
returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    v_document    ringup.stock_documents;
    v_lines       ringup.stock_line[];
    v_line        ringup.stock_line;
    v_expected    bigint[] := '{}';
    v_differences ringup.stock_line[] := '{}';
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_document := ringup.draft_stock_document(
        p_vendor_id, p_document_id, 'count', p_location_id, p_reason, p_actor,
        jsonb_build_array(p_counted_at, p_product_ids, p_codes, p_quantities));
    if ringup.was_stock_posted(v_document) then
        return false;
    end if;
    v_lines := ringup.check_stock_lines(p_vendor_id, p_product_ids, p_codes, p_quantities, 0);
    -- A clock that is a minute ahead is nobody's fault; a shelf as it was last month is nobody's memory.
    if p_counted_at not between ringup.now() - interval '31 days' and ringup.now() + interval '1 minute' then
        raise exception using errcode = 'RU271',
            message = format('a count of %s is in the future or too long ago', p_counted_at);
    end if;
    -- The difference, which is what the person is permitted, is known only once the goods stand still.
    perform from ringup.approvals a where a.vendor_id = p_vendor_id and a.id = p_approval_id for update;
    foreach v_line in array v_lines loop
        perform ringup.lock_stock(p_vendor_id, p_location_id, v_line.product_id);
    end loop;
    v_document.counted_at := least(coalesce(p_counted_at, ringup.now()), ringup.now());
    foreach v_line in array v_lines loop
        v_expected := v_expected || ringup.stock_at(p_vendor_id, p_location_id, v_line, v_document.counted_at);
        v_line.quantity := v_line.quantity - v_expected[cardinality(v_expected)];
        v_differences := v_differences || v_line;
    end loop;
    perform ringup.permit(p_vendor_id, p_staff_id, 'count_stock', ringup.stock_worth(v_differences), null,
                          p_approval_id, p_document_id::text);
    perform ringup.write_stock_document(v_document);
    for v_number in 1 .. cardinality(v_lines) loop
        perform ringup.move_stock_line(v_document, v_lines[v_number], v_differences[v_number].quantity,
                                       v_expected[v_number]);
    end loop;
    return true;
end
$$;
