-- I8: a key has one order that stands, and an answer exactly when that order has ended.
create view ringup.audit_i08_same_key_same_answer as
select k.vendor_id, 'idempotency_key' as subject, k.key as subject_id,
       format('answer %s while its order is %s', coalesce(k.response_status::text, 'none'),
              coalesce(o.status, 'missing')) as problem
  from ringup.idempotency_keys k
  left join ringup.orders o on o.vendor_id = k.vendor_id and o.id = k.order_id
 where o.id is null or o.idempotency_key <> k.key
    or (k.response_status is not null) <>
       (o.status in ('completed', 'payment_failed', 'cancelled', 'partially_refunded', 'refunded'))
    or (k.response_status = 201) <> (o.status in ('completed', 'partially_refunded', 'refunded'))
union all
select o.vendor_id, 'idempotency_key', o.idempotency_key, format('%s orders stand for one key', count(*))
  from ringup.orders o
 where o.status not in ('payment_failed', 'cancelled')
 group by o.vendor_id, o.idempotency_key
having count(*) > 1;
