-- thaw_cart(vendor, cart, actor) → the revision
--
-- Why      A sale was refused, declined or given up: the cart may change and be paid in another way. Only an
--          order that ended without a sale gives the next attempt a new key. Where there is no order, the same
--          key stays: should the former request arrive late, the two cannot both become a sale.
-- Writes   till_carts (one row).
-- Locks    The cart.
-- Repeats  Safe: a cart that may change stays as it is.
-- Raises   RU031 cart_not_found · RU182 cart_in_payment, while the order is open, in doubt or completed
create or replace function ringup.thaw_cart(p_vendor_id uuid, p_cart_id uuid, p_actor text)
returns bigint
language plpgsql security definer set search_path = ''
as $$
declare
    v_cart   ringup.till_carts;
    v_status text;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_cart := ringup.lock_cart(p_vendor_id, p_cart_id);
    if v_cart.tenders is null then
        return v_cart.revision;
    end if;
    v_status := ringup.cart_order_status(p_vendor_id, v_cart);
    if v_status not in ('payment_failed', 'cancelled') then
        raise exception using errcode = 'RU182',
            message = 'the cart cannot be changed: its sale has not ended, or is done',
            detail = jsonb_build_object('state', v_status)::text;
    end if;
    update ringup.till_carts c
       set tenders = null, attempt = c.attempt + (v_status is not null)::integer, revision = c.revision + 1,
           changed_by = p_actor, updated_at = ringup.now()
     where c.vendor_id = p_vendor_id and c.id = p_cart_id;
    return v_cart.revision + 1;
end
$$;
