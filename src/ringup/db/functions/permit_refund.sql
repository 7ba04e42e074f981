-- permit_refund(order, person, approval, amount, tender type, without receipt) → who approved it, or null
--
-- Why      Who may give back, and in that way: the rule of refund_action.
-- Writes   What permit writes.
-- Locks    The approval, before the order.
-- Repeats  As permit: callers look for their own repeats first.
-- Raises   What permit raises.
create or replace function ringup.permit_refund(
    p_order ringup.orders, p_staff_id uuid, p_approval_id uuid, p_amount_minor bigint, p_tender_type text,
    p_without_receipt boolean
)
returns text
language plpgsql
as $$
begin
    perform ringup.permit(
        p_order.vendor_id, p_staff_id, ringup.refund_action(p_order, p_tender_type, p_without_receipt),
        p_amount_minor, p_order.total_minor, p_approval_id, p_order.id::text);
    return nullif(pg_catalog.current_setting('ringup.approved_by', true), '');
end
$$;
