-- resume_refund(vendor, key, lease seconds) → the refund this key made, and whether it is the caller's to drive
--
-- Why      A client that never got its answer asks again. If somebody is still working it is told how things stand;
--          if nobody is, it takes over.
-- Writes   refunds (lease_until), when it hands over the work.
-- Locks    order → refund.
-- Repeats  Safe: of two that ask at once, one is handed the work.
-- Raises   RU014 refund_not_found
create or replace function ringup.resume_refund(p_vendor_id uuid, p_key text, p_lease_seconds integer)
returns table (made boolean, yours boolean, refund_id uuid, status text, step text, payment_id uuid, processor_id uuid)
language plpgsql
as $$
declare
    v_refund ringup.refunds := ringup.lock_refund(p_vendor_id, (
        select r.id from ringup.refunds r where r.vendor_id = p_vendor_id and r.idempotency_key = p_key));
    v_free   boolean := v_refund.status = 'open' and coalesce(v_refund.lease_until < ringup.now(), true);
begin
    if v_free then
        update ringup.refunds r
           set lease_until = ringup.now() + make_interval(secs => p_lease_seconds)
         where r.vendor_id = p_vendor_id and r.id = v_refund.id;
    end if;
    return query
        select false, v_free, v_refund.id, s.status, s.step, s.payment_id, s.processor_id
          from ringup.next_refund_step(p_vendor_id, v_refund.id) as s;
end
$$;
