-- begin_refund_document(refund) → whether it is new
--
-- Why      The key is claimed by the refund itself: two requests with one key queue up here, and the second then sees
--          what the first has made. A repeat is answered whether or not the register is still open.
-- Writes   refunds (one row).
-- Locks    The key's row.
-- Repeats  Safe: false the second time.
-- Raises   RU104 session_closed · RU201 idempotency_key_reused
create or replace function ringup.begin_refund_document(p_refund ringup.refunds)
returns boolean
language plpgsql
as $$
declare
    v_is_known boolean := exists (
        select from ringup.refunds r
         where r.vendor_id = p_refund.vendor_id and r.idempotency_key = p_refund.idempotency_key);
begin
    if not v_is_known then
        if p_refund.register_session_id is null then
            raise exception using errcode = 'RU104',
                message = format('register %s has no open session', p_refund.register_id);
        end if;
        insert into ringup.refunds select (p_refund).*
        on conflict (vendor_id, idempotency_key) do nothing;
        if found then
            return true;
        end if;
    end if;
    if not exists (select from ringup.refunds r
                    where r.vendor_id = p_refund.vendor_id and r.idempotency_key = p_refund.idempotency_key
                      and r.request_hash = p_refund.request_hash) then
        raise exception using errcode = 'RU201',
            message = 'this idempotency key was used before, with another request';
    end if;
    return false;
end
$$;
