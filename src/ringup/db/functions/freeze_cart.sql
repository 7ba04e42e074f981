-- freeze_cart(vendor, cart, revision, tenders, person, approvals, actor) → the idempotency key to sell it under
--
-- Why      Before anybody is asked for money, the cart stands still, and how it is to be paid is written down, with
--          who sells it and what others approved. Whoever finds it so, another tab or the next process, sells it
--          under the same key, which is once. Whether that person may sell it, the sale itself decides.
-- Writes   till_carts (one row).
-- Locks    The cart.
-- Repeats  Safe: while it stands still it gives the same key, and keeps the tenders and the person that it has.
-- Raises   RU031 cart_not_found · RU181 cart_changed
create or replace function ringup.freeze_cart(
    p_vendor_id uuid, p_cart_id uuid, p_revision bigint, p_tenders jsonb, p_staff_id uuid, p_approval_ids uuid [],
    p_actor text
)
returns text
language plpgsql security definer set search_path = ''
as $$
declare
    v_cart ringup.till_carts;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_cart := ringup.lock_cart(p_vendor_id, p_cart_id);
    if v_cart.tenders is null then
        if v_cart.revision <> p_revision or v_cart.place <> 'counter' then
            raise exception using errcode = 'RU181', message = 'somebody changed this cart in the meantime';
        end if;
        update ringup.till_carts c
           set contents = c.contents
                          || jsonb_build_object('sold_by', p_staff_id, 'approvals', to_jsonb(p_approval_ids)),
               tenders = p_tenders, revision = c.revision + 1, changed_by = p_actor, updated_at = ringup.now()
         where c.vendor_id = p_vendor_id and c.id = p_cart_id;
    end if;
    return ringup.cart_key(p_cart_id, v_cart.attempt);
end
$$;
