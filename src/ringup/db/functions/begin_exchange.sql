-- begin_exchange(earlier order, new order id, register, request hash, request id, due, terms, returned goods) → the refund
--
-- Why      The half of an exchange that comes back: who may, what it is worth, how much of that pays the new goods, and how
--          what is over goes back. Money that goes back goes to the first tenders, so the credit is taken from the last.
--          A person may bring several approvals, for this half and for the prices of the other: each has its own.
-- Writes   refunds, refund_lines, refund_line_taxes, payment_transactions, approvals, audit_log.
-- Locks    The caller holds the earlier order; then the approval, the customer or the gift card that gets money back.
-- Repeats  Not idempotent; called once, with the exchange's creation.
-- Raises   RU150 refund_too_large · RU104 session_closed; and what new_refund, refund_amount, permit and
--          write_refund_tenders raise
create or replace function ringup.begin_exchange(
    p_returned_order ringup.orders, p_order_id uuid, p_register_id uuid, p_request_hash bytea, p_request_id text,
    p_due_minor bigint, p_terms ringup.price_terms, p_returned ringup.returned_goods
)
returns ringup.refunds
language plpgsql
as $$
declare
    v_worth  bigint := ringup.refund_amount(
        p_returned_order, (p_returned).line_numbers, (p_returned).quantities, (p_returned).restocks,
        (p_returned).tip_minor);
    v_left   bigint := (select coalesce(sum(c.left_minor), 0) from ringup.refundable_charges(p_returned_order) as c);
    v_credit bigint := least(v_worth, v_left, p_due_minor);
    v_refund ringup.refunds;
begin
    -- Where all that was left for cash was rounded away, nobody paid it, and nobody gets it back.
    if v_worth > v_left + greatest(-p_returned_order.cash_rounding_minor, 0) then
        raise exception using errcode = 'RU150',
            message = format('%s is to come back, and %s of it was captured and is not back', v_worth, v_left),
            detail = json_build_object('amount_minor', v_worth, 'refundable_minor', v_left)::text;
    end if;
    -- The key is the new sale's; this one is nobody's to guess, for the sale's id is new.
    v_refund := ringup.new_refund(
        p_returned_order, ringup.new_id(), p_register_id, 'exchange:' || p_order_id, p_request_hash);
    v_refund.reason := (p_returned).reason;
    v_refund.actor := (p_returned).actor;
    v_refund.without_receipt := coalesce((p_returned).without_receipt, false);
    v_refund.request_id := p_request_id;
    perform ringup.begin_refund_document(v_refund);
    v_refund.approved_by := ringup.permit_refund(
        p_returned_order, (p_terms).staff_id,
        ringup.approval_for(
            p_returned_order.vendor_id, (p_terms).approval_ids,
            ringup.refund_action(p_returned_order, (p_returned).tender_type, v_refund.without_receipt)),
        v_worth, (p_returned).tender_type, v_refund.without_receipt);
    v_refund.tip_minor := ringup.tip_to_refund(
        p_returned_order, (p_returned).tip_minor, (p_returned).line_numbers is null);
    perform ringup.write_refund(
        p_returned_order, v_refund, (p_returned).line_numbers, (p_returned).quantities, (p_returned).restocks);
    perform ringup.write_refund_tenders(
        p_returned_order, v_refund, least(v_worth, v_left) - v_credit, (p_returned).tender_type,
        (p_returned).external_reference);
    perform ringup.write_exchange_credit(p_returned_order, v_refund, v_credit);
    perform ringup.total_refund(v_refund);
    perform ringup.write_audit(
        p_returned_order.vendor_id, (p_returned).actor, 'exchange_begun', 'refund', v_refund.id::text, null,
        jsonb_build_object('order_id', p_returned_order.id, 'new_order_id', p_order_id, 'worth_minor', v_worth,
                           'credit_minor', v_credit, 'reason', (p_returned).reason));
    return v_refund;
end
$$;
