-- freeze_cart(vendor, cart, revision, tenders, person, approval, actor) → the idempotency key to sell it under
--
-- Why      Before anybody is asked for money, the cart stands still, and how it is to be paid is written down.
--          Whoever finds it so, another tab or the next process, sells it under the same key, which is once.
-- Writes   till_carts (one row); approvals, where one is needed.
-- Locks    The approval, where one is needed; the cart.
-- Repeats  Safe: while it stands still it gives the same key, and keeps the tenders that it has.
-- Raises   RU020 staff_not_found · RU031 cart_not_found · RU181 cart_changed · RU501 action_denied
--          · RU502 approval_needed · RU503 approval_refused
create or replace function ringup.freeze_cart(
    p_vendor_id uuid, p_cart_id uuid, p_revision bigint, p_tenders jsonb, p_staff_id uuid, p_approval_id uuid,
    p_actor text
)
returns text
language plpgsql security definer set search_path = ''
as $$
declare
    v_cart ringup.till_carts;
begin
    perform ringup.enter_vendor(p_vendor_id);
    perform ringup.permit(p_vendor_id, p_staff_id, 'sell', null, null, p_approval_id, 'cart ' || p_cart_id);
    v_cart := ringup.lock_cart(p_vendor_id, p_cart_id);
    if v_cart.tenders is null then
        if v_cart.revision <> p_revision or v_cart.place <> 'counter' then
            raise exception using errcode = 'RU181', message = 'somebody changed this cart in the meantime';
        end if;
        update ringup.till_carts c
           set tenders = p_tenders, revision = c.revision + 1, changed_by = p_actor, updated_at = ringup.now()
         where c.vendor_id = p_vendor_id and c.id = p_cart_id;
    end if;
    return ringup.cart_key(p_cart_id, v_cart.attempt);
end
$$;
