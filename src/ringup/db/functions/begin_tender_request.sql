-- begin_tender_request(vendor, order, key, request hash) → whether the key is new
--
-- Why      The same request to add tenders, sent again, adds none.
-- Writes   tender_requests (one row).
-- Locks    The key's row; the caller holds the order.
-- Repeats  Safe: false the second time.
-- Raises   RU201 idempotency_key_reused
create or replace function ringup.begin_tender_request(
    p_vendor_id uuid, p_order_id uuid, p_key text, p_request_hash bytea
)
returns boolean
language plpgsql
as $$
begin
    insert into ringup.tender_requests (vendor_id, key, request_hash, order_id, created_at)
    values (p_vendor_id, p_key, p_request_hash, p_order_id, ringup.now())
    on conflict (vendor_id, key) do nothing;
    if found then
        return true;
    end if;
    perform from ringup.tender_requests r
      where r.vendor_id = p_vendor_id and r.key = p_key and r.order_id = p_order_id
        and r.request_hash = p_request_hash;
    if not found then
        raise exception using errcode = 'RU201',
            message = 'this idempotency key was used before, with another request';
    end if;
    return false;
end
$$;
