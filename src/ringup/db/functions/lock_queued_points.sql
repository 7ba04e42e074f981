-- lock_queued_points(vendor, item) → the queue item, with its order and its customer locked as well
--
-- Why      Of two who work on one item the second waits, and then sees what the first one did.
-- Writes   Nothing.
-- Locks    order → customer (and who they were merged into) → the item.
-- Repeats  Safe.
-- Raises   RU010 item_not_found
create or replace function ringup.lock_queued_points(p_vendor_id uuid, p_item_id uuid)
returns ringup.loyalty_reconciliation_queue
language plpgsql
as $$
declare
    v_item ringup.loyalty_reconciliation_queue;
begin
    select * into v_item
      from ringup.loyalty_reconciliation_queue q
     where q.vendor_id = p_vendor_id and q.id = p_item_id;
    if not found then
        raise exception using errcode = 'RU010', message = format('no points wait as item %s', p_item_id);
    end if;
    perform from ringup.orders o where o.vendor_id = p_vendor_id and o.id = v_item.order_id for no key update;
    perform from ringup.customers c where c.vendor_id = p_vendor_id and c.id = v_item.customer_id for no key update;
    select * into v_item
      from ringup.loyalty_reconciliation_queue q
     where q.vendor_id = p_vendor_id and q.id = p_item_id
       for update;
    return v_item;
end
$$;
