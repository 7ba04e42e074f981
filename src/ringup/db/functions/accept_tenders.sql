-- accept_tenders(vendor, order) → nothing
--
-- Why      What needs no terminal (cash, external, gift cards, store credit) is final with the order and not before;
--          what was only authorised becomes due for capture, at once or when the time for a tip is over.
-- Writes   payment_transactions.
-- Locks    The caller holds the order.
-- Repeats  Safe.
-- Raises   RU101 transition_not_allowed
create or replace function ringup.accept_tenders(p_vendor_id uuid, p_order_id uuid)
returns void
language plpgsql
as $$
begin
    update ringup.payment_transactions p
       set status = ringup.next_state('payment', p.status, 'accepted'), approved_minor = p.amount_minor,
           settled_at = ringup.now(), updated_at = ringup.now()
     where p.vendor_id = p_vendor_id and p.order_id = p_order_id and p.status = 'created' and p.tender_type <> 'card';
    update ringup.payment_transactions p
       set next_check_at = ringup.capture_due_at(p), check_count = 0
     where p.vendor_id = p_vendor_id and p.order_id = p_order_id
       and p.status = 'approved' and p.capture_status = 'pending';
end
$$;
