-- prepare_refund(vendor, refund, key, …) → the refund, whether it is new, and what to do next
--
-- Why      A refund's first step, one transaction: what comes back and what it is worth, who may, and a row with a
--          reference for every way the money goes back. Without a card in it, it is also the last: cash is given
--          when this has returned. The amount is what it is under the lock; what a person was asked to approve must be it.
-- Writes   refunds, refund_lines, payment_transactions, approvals, audit_log; and what finish_refund writes.
-- Locks    key → approval → order → payments → customer → inventory → session.
-- Repeats  Safe with the same key: the refund as it stands.
-- Raises   RU001 checkout_not_found · RU152 refund_overtaken · RU208 reason_missing; and what new_refund,
--          begin_refund_document, check_refund_session, plan_refund_lines, tip_to_refund, permit and write_refund_tenders raise
create or replace function ringup.prepare_refund(
    p_vendor_id uuid, p_refund_id uuid, p_key text, p_request_hash bytea, p_order_id uuid, p_register_id uuid,
    p_line_numbers integer[], p_quantities bigint[], p_restocks boolean[], p_tip_minor bigint,
    p_tender_type text, p_external_reference text, p_without_receipt boolean, p_reason text,
    p_staff_id uuid, p_approval_id uuid, p_actor text, p_request_id text, p_lease_seconds integer
)
returns table (made boolean, yours boolean, refund_id uuid, status text, step text, payment_id uuid, processor_id uuid)
language plpgsql security definer set search_path = ''
as $$
declare
    v_order   ringup.orders;
    v_refund  ringup.refunds;
    v_planned bigint;
    v_amount  bigint;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(trim(p_reason), '') = '' then
        raise exception using errcode = 'RU208', message = 'a refund needs a reason';
    end if;
    select * into v_order from ringup.orders o where o.vendor_id = p_vendor_id and o.id = p_order_id;
    if not found then
        raise exception using errcode = 'RU001', message = format('checkout %s does not exist', p_order_id);
    end if;
    v_refund := ringup.new_refund(v_order, p_refund_id, p_register_id, p_key, p_request_hash);
    v_refund.reason := p_reason;
    v_refund.without_receipt := p_without_receipt;
    v_refund.actor := p_actor;
    v_refund.request_id := p_request_id;
    v_refund.lease_until := ringup.now() + make_interval(secs => p_lease_seconds);
    if not ringup.begin_refund_document(v_refund) then
        return query select * from ringup.resume_refund(p_vendor_id, p_key, p_lease_seconds);
        return;
    end if;
    v_planned := ringup.refund_amount(v_order, p_line_numbers, p_quantities, p_restocks, p_tip_minor);
    v_refund.approved_by := ringup.permit_refund(v_order, p_staff_id, p_approval_id, v_planned, p_tender_type, p_without_receipt);
    v_order := ringup.lock_order(p_vendor_id, p_order_id);
    v_amount := ringup.refund_amount(v_order, p_line_numbers, p_quantities, p_restocks, p_tip_minor);
    if v_amount <> v_planned then
        raise exception using errcode = 'RU152',
            message = 'another refund of this sale was made at the same moment; look at it, and ask again';
    end if;
    v_refund.tip_minor := ringup.tip_to_refund(v_order, p_tip_minor, p_line_numbers is null);
    perform ringup.write_refund(v_order, v_refund, p_line_numbers, p_quantities, p_restocks);
    perform ringup.write_refund_tenders(v_order, v_refund, v_amount, p_tender_type, p_external_reference);
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'refund_begun', 'refund', p_refund_id::text, null,
        jsonb_build_object('order_id', p_order_id, 'amount_minor', v_amount, 'reason', p_reason,
                           'tender', coalesce(p_tender_type, 'original')));
    perform ringup.finish_refund(p_vendor_id, p_refund_id);
    perform ringup.check_refund_session(v_refund);
    return query
        select true, s.status = 'open', p_refund_id, s.status, s.step, s.payment_id, s.processor_id
          from ringup.next_refund_step(p_vendor_id, p_refund_id) as s;
end
$$;
