-- begin_tip(vendor, tip change, order, payment, key, …) → the change, and whether the caller may ask the terminal
--
-- Why      Commits that a card's tip is about to be changed, before the first byte leaves. p_tip_minor is the whole tip
--          of that card from now on; p_payment_id may be null where only one card paid. Only the caller that gets
--          yours = true may ask; the payment is due for a look-up when the lease ends, and is not captured before.
-- Writes   tip_changes, payment_transactions (tip_change_id, next_check_at, check_count).
-- Locks    order → payment.
-- Repeats  Safe: the same key answers with its change, and may ask again only if that was certainly not carried out.
-- Raises   RU001 checkout_not_found · RU201 idempotency_key_reused; and what check_tip raises
create or replace function ringup.begin_tip(
    p_vendor_id uuid, p_tip_id uuid, p_order_id uuid, p_payment_id uuid, p_key text, p_request_hash bytea,
    p_tip_minor bigint, p_actor text, p_request_id text, p_lease_seconds integer
)
returns table (made boolean, yours boolean, tip_id uuid, payment_id uuid, processor_id uuid, status text)
language plpgsql security definer set search_path = ''
as $$
declare
    v_now     constant timestamptz := ringup.now();
    v_order   ringup.orders;
    v_payment ringup.payment_transactions;
    v_tip     ringup.tip_changes;
    v_made    boolean;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_order := ringup.lock_order(p_vendor_id, p_order_id);
    select * into v_tip from ringup.tip_changes t where t.vendor_id = p_vendor_id and t.key = p_key;
    v_made := not found;
    if not v_made and (v_tip.request_hash <> p_request_hash or v_tip.order_id <> p_order_id) then
        raise exception using errcode = 'RU201',
            message = 'this idempotency key was used before, with another request';
    end if;
    if v_made or v_tip.status = 'error' then
        v_payment := ringup.check_tip(v_order, coalesce(v_tip.payment_id, p_payment_id), p_tip_minor);
        if v_made then
            insert into ringup.tip_changes (
                vendor_id, id, key, request_hash, order_id, payment_id, before_minor, tip_minor, status, actor,
                request_id, sent_at, created_at)
            values (p_vendor_id, p_tip_id, p_key, p_request_hash, p_order_id, v_payment.id, v_payment.tip_minor,
                    p_tip_minor, 'processing', p_actor, p_request_id, v_now, v_now)
            returning * into v_tip;
        else
            update ringup.tip_changes t
               set status = ringup.next_state('tip', t.status, 'sent'), before_minor = v_payment.tip_minor,
                   sent_at = v_now, settled_at = null, error_code = null, error_message = null
             where t.vendor_id = p_vendor_id and t.id = v_tip.id
            returning * into v_tip;
        end if;
        update ringup.payment_transactions p
           set tip_change_id = v_tip.id, check_count = 0, updated_at = v_now,
               next_check_at = v_now + make_interval(secs => p_lease_seconds)
         where p.vendor_id = p_vendor_id and p.id = v_payment.id;
    end if;
    return query
        select v_made, v_payment.id is not null, v_tip.id, p.id, p.payment_processor_id, v_tip.status
          from ringup.payment_transactions p
         where p.vendor_id = p_vendor_id and p.id = v_tip.payment_id;
end
$$;
