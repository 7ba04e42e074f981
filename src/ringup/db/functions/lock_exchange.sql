-- lock_exchange(new order, refund) → nothing
--
-- Why      Two documents move points, gift cards and stock in one transaction: their rows are locked together, so that
--          nobody who takes them in the one order can stand across.
-- Writes   Nothing.
-- Locks    customers → stored value → inventory, each by id. The caller holds both orders and the refund.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.lock_exchange(p_order ringup.orders, p_refund ringup.refunds)
returns void
language plpgsql
as $$
begin
    perform from ringup.customers c
     where c.vendor_id = p_order.vendor_id
       and c.id in (select coalesce(ringup.surviving_customer(o.vendor_id, o.customer_id), o.customer_id)
                      from ringup.orders o
                     where o.vendor_id = p_order.vendor_id and o.id in (p_order.id, p_refund.order_id)
                       and o.customer_id is not null)
     order by c.id
       for no key update;
    perform from ringup.stored_value_accounts a
     where a.vendor_id = p_order.vendor_id
       and a.id in (select p.stored_value_id from ringup.payment_transactions p
                     where p.vendor_id = p_order.vendor_id and p.stored_value_id is not null
                       and (p.order_id = p_order.id or (p.order_id = p_refund.order_id and p.refund_id = p_refund.id))
                     union all
                    select i.gift_card_id from ringup.order_items i
                     where i.vendor_id = p_order.vendor_id and i.order_id = p_order.id and i.gift_card_id is not null)
     order by a.id
       for no key update;
    perform from ringup.inventory n
     where n.vendor_id = p_order.vendor_id and n.location_id in (p_order.location_id, p_refund.location_id)
       and n.product_id in (select i.product_id from ringup.order_items i
                             where i.vendor_id = p_order.vendor_id and i.order_id in (p_order.id, p_refund.order_id))
     order by n.product_id, n.location_id
       for update;
end
$$;
