-- permit_refund(order, person, approval, amount, tender type, without receipt) → who approved it, or null
--
-- Why      To where the money came from is one thing, in another way is another, and without a receipt is the third,
--          whichever way: who may do it is asked for each.
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
declare
    v_is_other boolean := exists (
        select from ringup.payment_transactions p
         where p.vendor_id = p_order.vendor_id and p.order_id = p_order.id and p.kind = 'charge'
           and p.status = 'approved' and p.tender_type <> p_tender_type);
begin
    perform ringup.permit(
        p_order.vendor_id, p_staff_id, case when p_without_receipt then 'refund_without_receipt'
                                            when v_is_other then 'refund_other_tender' else 'refund_linked' end,
        p_amount_minor, p_order.total_minor, p_approval_id, p_order.id::text);
    return nullif(pg_catalog.current_setting('ringup.approved_by', true), '');
end
$$;
