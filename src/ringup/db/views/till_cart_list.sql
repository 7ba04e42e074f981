-- Carts at the counter and parked ones, with the order that the present attempt to sell each has made.
create view ringup.till_cart_list as
select c.vendor_id, c.id, c.register_id, c.place, c.revision, c.attempt, c.contents, c.tenders, c.created_at,
       c.updated_at, ringup.cart_key(c.id, c.attempt) as idempotency_key, o.id as order_id, o.order_number, o.status,
       o.payment_status, o.total_minor, o.updated_at as order_updated_at
  from ringup.till_carts c
  left join ringup.idempotency_keys k
    on k.vendor_id = c.vendor_id and k.key = ringup.cart_key(c.id, c.attempt)
  left join ringup.orders o on o.vendor_id = k.vendor_id and o.id = k.order_id
 where c.place in ('counter', 'parked');
