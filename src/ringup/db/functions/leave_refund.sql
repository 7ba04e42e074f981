-- leave_refund(vendor, refund) → nothing
--
-- Why      Whoever drove the refund is through with it for now; the same key may go on at once.
-- Writes   refunds (lease_until).
-- Locks    The refund row.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.leave_refund(p_vendor_id uuid, p_refund_id uuid)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    update ringup.refunds r set lease_until = null where r.vendor_id = p_vendor_id and r.id = p_refund_id;
end
$$;
