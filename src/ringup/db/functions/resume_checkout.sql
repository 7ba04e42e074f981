-- resume_checkout(vendor, key, lease seconds) → the checkout this key made, and whether it is the caller's to drive
--
-- Why      A client that never got its answer asks again. If the first request ended, it gets that
--          answer; if somebody is still working, it is told so; if nobody is, it takes over.
-- Writes   orders (lease_until), when it hands over the work.
-- Locks    The order row.
-- Repeats  Safe: of two that ask at once, one is handed the work.
-- Raises   RU001 checkout_not_found
create or replace function ringup.resume_checkout(p_vendor_id uuid, p_key text, p_lease_seconds integer)
returns table (
    made boolean, yours boolean, checkout_id uuid, step text, payment_id uuid, processor_id uuid,
    status text, response_status integer, response_body jsonb
)
language plpgsql
as $$
declare
    v_key   ringup.idempotency_keys;
    v_order ringup.orders;
    v_free  boolean;
begin
    select * into v_key from ringup.idempotency_keys k where k.vendor_id = p_vendor_id and k.key = p_key;
    v_order := ringup.lock_order(p_vendor_id, v_key.order_id);
    v_free := v_order.status in ('pending_payment', 'payment_processing', 'payment_authorized')
              and coalesce(v_order.lease_until < ringup.now(), true);
    if v_free then
        update ringup.orders o
           set lease_until = ringup.now() + make_interval(secs => p_lease_seconds)
         where o.vendor_id = p_vendor_id and o.id = v_order.id and o.due_minor = 0;
    end if;
    return query
        select false, v_free, v_order.id, s.step, s.payment_id, s.processor_id,
               v_order.status, v_key.response_status, v_key.response_body
          from ringup.next_step(p_vendor_id, v_order.id) as s;
end
$$;
