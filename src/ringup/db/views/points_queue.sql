-- Points that a completed sale could not record: what waits, since when, and what became of it.
create view ringup.points_queue as
select q.vendor_id, q.id, q.customer_id, q.order_id, o.order_number, q.points_earned, q.points_redeemed, q.points_held,
       q.error_message, q.retry_count, q.next_retry_at, q.resolved, q.resolved_at, q.resolved_by, q.resolution,
       q.created_at
  from ringup.loyalty_reconciliation_queue q
  left join ringup.orders o on o.vendor_id = q.vendor_id and o.id = q.order_id;
