-- move_cart(vendor, cart, place, actor) → nothing
--
-- Why      A cart is parked while its money is found out, or its customer looks for a purse, and the next customer
--          is served. It comes back to the counter, and leaves when it is sold or given up.
-- Writes   till_carts (one row).
-- Locks    The cart.
-- Repeats  Safe.
-- Raises   RU031 cart_not_found · RU181 cart_changed, when another cart is at the counter, or this one left
--          · RU182 cart_in_payment, when a cart is to leave whose sale has not ended
create or replace function ringup.move_cart(p_vendor_id uuid, p_cart_id uuid, p_place text, p_actor text)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
    v_cart   ringup.till_carts;
    v_status text;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_cart := ringup.lock_cart(p_vendor_id, p_cart_id);
    if v_cart.place = p_place then
        return;
    end if;
    if v_cart.place = 'left' then
        raise exception using errcode = 'RU181', message = 'this cart is done with';
    end if;
    if p_place = 'left' and v_cart.tenders is not null then
        v_status := ringup.cart_order_status(p_vendor_id, v_cart);
        if coalesce(v_status in ('pending_payment', 'payment_processing', 'payment_authorized'), true) then
            raise exception using errcode = 'RU182', message = 'the sale of this cart has not ended',
                detail = jsonb_build_object('state', v_status)::text;
        end if;
    end if;
    if p_place = 'counter' and exists (
        select from ringup.till_carts c
         where c.vendor_id = p_vendor_id and c.register_id = v_cart.register_id and c.place = 'counter') then
        raise exception using errcode = 'RU181', message = 'another cart is at this counter';
    end if;
    update ringup.till_carts c
       set place = p_place, revision = c.revision + 1, changed_by = p_actor, updated_at = ringup.now()
     where c.vendor_id = p_vendor_id and c.id = p_cart_id;
exception
    when unique_violation then
        raise exception using errcode = 'RU181', message = 'another cart is at this counter';
end
$$;
