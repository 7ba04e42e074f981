-- claim_key(vendor, key, request hash, order) → whether the key is new
--
-- Why      Two requests with the same key queue up here: the second waits until the first has made
--          its order or given up, and then sees the truth.
-- Writes   idempotency_keys (one row).
-- Locks    The key's row.
-- Repeats  Safe: false the second time.
-- Raises   RU201 idempotency_key_reused
create or replace function ringup.claim_key(p_vendor_id uuid, p_key text, p_request_hash bytea, p_order_id uuid)
returns boolean
language plpgsql
as $$
declare
    v_hash bytea;
begin
    insert into ringup.idempotency_keys (vendor_id, key, request_hash, order_id, created_at)
    values (p_vendor_id, p_key, p_request_hash, p_order_id, ringup.now())
    on conflict (vendor_id, key) do nothing;
    if found then
        return true;
    end if;

    select k.request_hash into v_hash
      from ringup.idempotency_keys k
     where k.vendor_id = p_vendor_id and k.key = p_key;
    if v_hash is distinct from p_request_hash then
        raise exception using errcode = 'RU201',
            message = 'this idempotency key was used before, with another request';
    end if;
    return false;
end
$$;
