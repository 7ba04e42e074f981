-- What happened to an order, in order.
create view ringup.order_story as
select e.vendor_id, e.order_id, e.sequence, e.id, e.event, e.status, e.detail, e.created_at
  from ringup.order_events e;
