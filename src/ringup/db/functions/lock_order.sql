-- lock_order(vendor, order) → the order row, locked
--
-- Why      The first lock of every step of a checkout.
-- Writes   Nothing.
-- Locks    The order row.
-- Repeats  Safe.
-- Raises   RU001 checkout_not_found
create or replace function ringup.lock_order(p_vendor_id uuid, p_order_id uuid)
returns ringup.orders
language plpgsql
as $$
declare
    v_order ringup.orders;
begin
    select * into v_order
      from ringup.orders o
     where o.vendor_id = p_vendor_id and o.id = p_order_id
       for no key update;
    if not found then
        raise exception using errcode = 'RU001', message = format('checkout %s does not exist', p_order_id);
    end if;
    return v_order;
end
$$;
