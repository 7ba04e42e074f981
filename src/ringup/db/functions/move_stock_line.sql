-- move_stock_line(document, line, change, expected) → nothing
--
-- Why      One line of a document: the goods move, and the line says what was there before and after.
-- Writes   inventory, inventory_movements, stock_document_lines.
-- Locks    The inventory row, made first where there is none. Callers come in the order of the product ids.
-- Repeats  Not idempotent; called once, with the document.
-- Raises   RU116 stock_below_zero
create or replace function ringup.move_stock_line(
    p_document ringup.stock_documents, p_line ringup.stock_line, p_change bigint, p_expected bigint
)
returns void
language plpgsql
as $$
declare
    v_before ringup.inventory;
begin
    v_before := ringup.lock_stock(p_document.vendor_id, p_document.location_id, p_line.product_id);
    if p_change <> 0 and not ringup.move_stock(
        p_document.vendor_id, p_document.location_id, p_line.product_id, p_change, 0,
        case p_document.kind when 'receiving' then 'received' when 'adjustment' then 'adjusted'
                             when 'count' then 'counted' when 'sending' then 'sent' else 'arrived' end,
        'stock_document', p_document.id::text, p_document.reason)
    then
        raise exception using errcode = 'RU116',
            message = format('%s of %s would leave less than the %s held for sales under way: %s on hand',
                             p_change, p_line.sku, v_before.reserved, v_before.on_hand),
            detail = json_build_object('sku', p_line.sku, 'on_hand', v_before.on_hand,
                                       'reserved', v_before.reserved, 'change', p_change)::text;
    end if;
    insert into ringup.stock_document_lines (
        vendor_id, document_id, product_id, quantity, expected, on_hand_before, on_hand_after, reserved)
    values (
        p_document.vendor_id, p_document.id, p_line.product_id, p_line.quantity, p_expected, v_before.on_hand,
        v_before.on_hand + p_change, v_before.reserved);
end
$$;
