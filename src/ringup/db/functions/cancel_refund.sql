-- cancel_refund(vendor, refund, actor) → the refund's status and what to do next
--
-- Why      The customer keeps the goods after all, or takes another way. Only while no money went back, and none may have.
-- Writes   refunds, payment_transactions, audit_log.
-- Locks    order → refund → payments.
-- Repeats  Safe: a cancelled refund stays so.
-- Raises   RU014 refund_not_found · RU107 payment_in_doubt · RU153 refund_ended
create or replace function ringup.cancel_refund(p_vendor_id uuid, p_refund_id uuid, p_actor text)
returns table (status text, step text, payment_id uuid, processor_id uuid)
language plpgsql security definer set search_path = ''
as $$
declare
    v_refund ringup.refunds;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_refund := ringup.lock_refund(p_vendor_id, p_refund_id);
    if v_refund.status = 'open' and exists (
            select from ringup.payment_transactions p
             where p.vendor_id = p_vendor_id and p.refund_id = p_refund_id and p.status in ('processing', 'unknown')) then
        raise exception using errcode = 'RU107',
            message = 'a terminal was asked to pay this back and has not said whether it did; it must be found out first';
    end if;
    if v_refund.status = 'completed' or exists (
            select from ringup.payment_transactions p
             where p.vendor_id = p_vendor_id and p.refund_id = p_refund_id and p.status = 'approved') then
        raise exception using errcode = 'RU153',
            message = 'money of this refund is back already; what is left of it has to be given back too',
            detail = json_build_object('refund_id', p_refund_id, 'state', v_refund.status)::text;
    end if;
    if v_refund.status = 'open' then
        update ringup.payment_transactions p
           set status = ringup.next_state('payment', p.status, 'dropped'), updated_at = ringup.now(),
               error_message = coalesce(p.error_message, 'the refund was given up before this was asked for')
         where p.vendor_id = p_vendor_id and p.refund_id = p_refund_id and p.status = 'created';
        update ringup.refunds r
           set status = ringup.next_state('refund', r.status, 'cancelled'), lease_until = null, updated_at = ringup.now()
         where r.vendor_id = p_vendor_id and r.id = p_refund_id;
        perform ringup.write_audit(p_vendor_id, p_actor, 'refund_cancelled', 'refund', p_refund_id::text, null, null);
    end if;
    return query select * from ringup.next_refund_step(p_vendor_id, p_refund_id);
end
$$;
