-- lock_cart(vendor, cart) → the cart
--
-- Why      Two tabs that press at once stand in line here.
-- Writes   Nothing.
-- Locks    The cart.
-- Repeats  Safe.
-- Raises   RU031 cart_not_found
create or replace function ringup.lock_cart(p_vendor_id uuid, p_cart_id uuid)
returns ringup.till_carts
language plpgsql
as $$
declare
    v_cart ringup.till_carts;
begin
    select * into v_cart
      from ringup.till_carts c
     where c.vendor_id = p_vendor_id and c.id = p_cart_id
       for update;
    if not found then
        raise exception using errcode = 'RU031', message = format('cart %s does not exist', p_cart_id);
    end if;
    return v_cart;
end
$$;
