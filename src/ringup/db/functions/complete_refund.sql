-- complete_refund(vendor, refund) → the refund's status and what to do next
--
-- Why      The money is back and the rest failed to follow: it is tried again.
--          That of an exchange completes with its sale.
-- Writes   What finish_refund writes; reconciliation_items; for an exchange what complete_checkout writes.
-- Locks    The new order of an exchange, and order → refund → payments → customer → inventory → session.
-- Repeats  Safe.
-- Raises   RU014 refund_not_found; and what finish_refund and complete_checkout raise
create or replace function ringup.complete_refund(p_vendor_id uuid, p_refund_id uuid)
returns table (status text, step text, payment_id uuid, processor_id uuid)
language plpgsql security definer set search_path = ''
as $$
declare
    v_reference text;
    v_exchange  uuid;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_exchange := ringup.find_exchange(p_vendor_id, p_refund_id);
    if v_exchange is not null then
        perform from ringup.complete_checkout(p_vendor_id, v_exchange);
    end if;
    perform ringup.lock_refund(p_vendor_id, p_refund_id);
    if ringup.finish_refund(p_vendor_id, p_refund_id) then
        for v_reference in
            select p.reference_id from ringup.payment_transactions p
             where p.vendor_id = p_vendor_id and p.refund_id = p_refund_id
        loop
            perform ringup.settle_item(p_vendor_id, 'refund_unfinished', v_reference, 'it is completed');
        end loop;
    end if;
    return query select * from ringup.next_refund_step(p_vendor_id, p_refund_id);
end
$$;
