-- cart_key(cart, attempt) → the idempotency key under which the cart is sold
--
-- Why      Every tab, every press and every process that sells this cart uses the same key, so it is sold once.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.cart_key(p_cart_id uuid, p_attempt integer)
returns text
language sql immutable
as $$ select 'till-' || p_cart_id || '-' || p_attempt $$;
