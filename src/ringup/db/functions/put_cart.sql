-- put_cart(vendor, cart, register, revision, contents, actor) → the new revision
--
-- Why      What lies in a cart is kept here and not in the browser: a reload, a second tab and another process
--          see the same cart. A change names the revision it was made on, so that no tab undoes another's.
--          Revision 0 puts a new cart on the counter.
-- Writes   till_carts (one row).
-- Locks    The cart.
-- Repeats  A second time the revision is another one, and it refuses.
-- Raises   RU004 register_not_found · RU031 cart_not_found · RU181 cart_changed · RU182 cart_in_payment
create or replace function ringup.put_cart(
    p_vendor_id uuid, p_cart_id uuid, p_register_id uuid, p_revision bigint, p_contents jsonb, p_actor text
)
returns bigint
language plpgsql security definer set search_path = ''
as $$
declare
    v_cart ringup.till_carts;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if p_revision = 0 then
        if not exists (select from ringup.registers r
                        where r.vendor_id = p_vendor_id and r.id = p_register_id and r.is_active) then
            raise exception using errcode = 'RU004', message = format('register %s does not exist', p_register_id);
        end if;
        insert into ringup.till_carts (vendor_id, id, register_id, place, contents, changed_by, created_at, updated_at)
        values (p_vendor_id, p_cart_id, p_register_id, 'counter', p_contents, p_actor, ringup.now(), ringup.now())
        on conflict do nothing;
        if not found then
            raise exception using errcode = 'RU181', message = 'another cart is at this counter already';
        end if;
        return 1;
    end if;
    v_cart := ringup.lock_cart(p_vendor_id, p_cart_id);
    if v_cart.tenders is not null then
        raise exception using errcode = 'RU182', message = 'the cart is being paid, and cannot be changed now';
    end if;
    if v_cart.revision <> p_revision or v_cart.place <> 'counter' then
        raise exception using errcode = 'RU181', message = 'somebody changed this cart in the meantime';
    end if;
    update ringup.till_carts c
       set contents = p_contents, revision = c.revision + 1, changed_by = p_actor, updated_at = ringup.now()
     where c.vendor_id = p_vendor_id and c.id = p_cart_id;
    return v_cart.revision + 1;
end
$$;
