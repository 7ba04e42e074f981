-- read_answer(vendor, order) → the stored answer of the order's key, or why there is none, and the checkout as it stands
--
-- Why      What whoever rang this up is told.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU001 checkout_not_found
create or replace function ringup.read_answer(p_vendor_id uuid, p_order_id uuid)
returns table (
    status text, payment_status text, failure_code text, failure_detail text,
    response_status integer, response_body jsonb, document jsonb
)
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    return query
        select o.status, o.payment_status, o.failure_code, o.failure_detail, k.response_status, k.response_body,
               case when k.response_status is null then ringup.checkout_document(p_vendor_id, p_order_id) end
          from ringup.orders o
          left join ringup.idempotency_keys k
            on k.vendor_id = o.vendor_id and k.key = o.idempotency_key and k.order_id = o.id
         where o.vendor_id = p_vendor_id and o.id = p_order_id;
    if not found then
        raise exception using errcode = 'RU001', message = format('checkout %s does not exist', p_order_id);
    end if;
end
$$;
