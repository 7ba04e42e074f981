-- cancel_refund(vendor, refund, actor) → the refund's status and what to do next
--
-- Why      The customer keeps the goods after all, or takes another way. Only while no money went back, and none may have.
--          That of an exchange ends with its sale.
-- Writes   refunds, payment_transactions, audit_log; for an exchange what cancel_checkout writes.
-- Locks    The new order of an exchange, and order → refund → payments.
-- Repeats  Safe: a cancelled refund stays so.
-- Raises   RU014 refund_not_found · RU107 payment_in_doubt · RU153 refund_ended · RU115 not_cancellable
create or replace function ringup.cancel_refund(p_vendor_id uuid, p_refund_id uuid, p_actor text)
returns table (status text, step text, payment_id uuid, processor_id uuid)
language plpgsql security definer set search_path = ''
as $$
declare
    v_refund   ringup.refunds;
    v_exchange uuid;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_exchange := ringup.find_exchange(p_vendor_id, p_refund_id);
    if v_exchange is not null then
        perform from ringup.cancel_checkout(
            p_vendor_id, v_exchange, 'cancelled', 'checkout_cancelled', 'the exchange was given up');
        return query select * from ringup.next_refund_step(p_vendor_id, p_refund_id);
        return;
    end if;
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
        perform ringup.drop_refund(v_refund, p_actor);
    end if;
    return query select * from ringup.next_refund_step(p_vendor_id, p_refund_id);
end
$$;
