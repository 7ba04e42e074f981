-- tender_refund(vendor, refund, tender type, external reference, person, approval, actor, lease seconds) → what to do next
--
-- Why      A terminal refused, or cannot be asked: what of the refund is not back is given back in another way, or the
--          card is tried again. What no terminal was asked for yet may be changed too. p_tender_type is card, cash or
--          external. It counts in the shift that is open now. An attempt in doubt keeps its part: it may be back already.
-- Writes   payment_transactions, refunds, approvals, audit_log; and what finish_refund writes.
-- Locks    approval → order → refund → payments → customer → inventory → session.
-- Repeats  A refund of which nothing is left to give back refuses.
-- Raises   RU014 refund_not_found · RU104 session_closed · RU107 payment_in_doubt · RU153 refund_ended; and what permit and
--          write_refund_payment raise
create or replace function ringup.tender_refund(
    p_vendor_id uuid, p_refund_id uuid, p_tender_type text, p_external_reference text,
    p_staff_id uuid, p_approval_id uuid, p_actor text, p_lease_seconds integer
)
returns table (status text, step text, payment_id uuid, processor_id uuid)
language plpgsql security definer set search_path = ''
as $$
declare
    v_refund ringup.refunds;
    v_order  ringup.orders;
    v_rest   record;
    v_count  integer := 0;
begin
    perform ringup.enter_vendor(p_vendor_id);
    select o.* into v_order
      from ringup.refunds r
      join ringup.orders o on o.vendor_id = r.vendor_id and o.id = r.order_id
     where r.vendor_id = p_vendor_id and r.id = p_refund_id;
    if found then
        select * into v_refund from ringup.refunds r where r.vendor_id = p_vendor_id and r.id = p_refund_id;
        perform ringup.permit_refund(
            v_order, p_staff_id, p_approval_id, v_refund.amount_minor, p_tender_type, v_refund.without_receipt);
    end if;
    v_refund := ringup.lock_refund(p_vendor_id, p_refund_id);
    if exists (select from ringup.payment_transactions p
                where p.vendor_id = p_vendor_id and p.refund_id = p_refund_id and p.status in ('processing', 'unknown')) then
        raise exception using errcode = 'RU107',
            message = 'a terminal was asked to pay this back and has not said whether it did; it must be found out first';
    end if;
    update ringup.payment_transactions p
       set status = ringup.next_state('payment', p.status, 'dropped'), updated_at = ringup.now(),
           error_message = coalesce(p.error_message, 'it is given back in another way')
     where p.vendor_id = p_vendor_id and p.refund_id = p_refund_id and p.status = 'created'
       and p.tender_type <> 'exchange';
    for v_rest in select * from ringup.refund_rest(p_vendor_id, p_refund_id) loop
        perform ringup.write_refund_payment(
            v_refund, v_rest.charge_id, v_rest.amount_minor, p_tender_type, p_external_reference);
        v_count := v_count + 1;
    end loop;
    if v_refund.status <> 'open' or v_count = 0 then
        raise exception using errcode = 'RU153',
            message = format('the refund is %s, and nothing of it is left to give back', v_refund.status),
            detail = json_build_object('refund_id', p_refund_id, 'state', v_refund.status)::text;
    end if;
    v_refund.register_session_id := ringup.refund_session(v_refund);
    perform ringup.total_refund(v_refund);
    update ringup.refunds r
       set register_session_id = v_refund.register_session_id, lease_until = ringup.now() + make_interval(secs => p_lease_seconds), updated_at = ringup.now(),
           approved_by = coalesce(nullif(pg_catalog.current_setting('ringup.approved_by', true), ''), r.approved_by)
     where r.vendor_id = p_vendor_id and r.id = p_refund_id;
    perform ringup.write_audit(p_vendor_id, p_actor, 'refund_tendered', 'refund', p_refund_id::text, null,
                               jsonb_build_object('tender', p_tender_type));
    perform ringup.finish_refund(p_vendor_id, p_refund_id);
    perform ringup.check_refund_session(v_refund);
    return query select * from ringup.next_refund_step(p_vendor_id, p_refund_id);
end
$$;
