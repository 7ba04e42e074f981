-- cart_order_status(vendor, cart) → the status of the order that the cart's present attempt made, or null
--
-- Why      Whether a cart may change again, or go, is a question about its order.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.cart_order_status(p_vendor_id uuid, p_cart ringup.till_carts)
returns text
language sql stable
as $$
    select o.status
      from ringup.idempotency_keys k
      join ringup.orders o on o.vendor_id = k.vendor_id and o.id = k.order_id
     where k.vendor_id = p_vendor_id and k.key = ringup.cart_key((p_cart).id, (p_cart).attempt)
$$;
