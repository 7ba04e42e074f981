-- post_stock(document, lines, action, person, approval) → nothing
--
-- Why      What receiving, adjusting and sending have in common: permitted, all lines or none.
-- Writes   stock_documents, stock_document_lines, inventory, inventory_movements, approvals, audit_log.
-- Locks    The approval, then the inventory rows in the order of their product ids.
-- Repeats  Not idempotent; the caller looked whether the document is there.
-- Raises   RU020 staff_not_found · RU116 stock_below_zero · RU501 action_denied · RU502 approval_needed
--          · RU503 approval_refused
create or replace function ringup.post_stock(
    p_document ringup.stock_documents, p_lines ringup.stock_line[], p_action text, p_staff_id uuid, p_approval_id uuid
)
returns void
language plpgsql
as $$
declare
    v_line ringup.stock_line;
begin
    perform ringup.permit(p_document.vendor_id, p_staff_id, p_action, ringup.stock_worth(p_lines), null, p_approval_id,
                          p_document.id::text);
    perform ringup.write_stock_document(p_document);
    foreach v_line in array p_lines loop
        perform ringup.move_stock_line(
            p_document, v_line, case p_document.kind when 'sending' then -v_line.quantity else v_line.quantity end,
            null);
    end loop;
end
$$;
