-- Refunds as lists show them.
create view ringup.refund_list as
select r.vendor_id, r.id, r.order_id, o.order_number, r.status, r.register_id, r.register_session_id, r.currency,
       r.amount_minor, r.tip_minor, r.reason, r.actor, r.approved_by, r.created_at, r.completed_at
  from ringup.refunds r
  join ringup.orders o on o.vendor_id = r.vendor_id and o.id = r.order_id;
