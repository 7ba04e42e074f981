-- One row per order, for lists.
create view ringup.order_summaries as
select o.vendor_id, o.id, o.order_number, o.status, o.payment_status, o.location_id, o.register_id,
       o.register_session_id, o.customer_id, o.currency, o.subtotal_minor, o.discount_minor, o.tax_minor,
       o.tip_minor, o.cash_rounding_minor, o.total_minor, o.points_redeemed, o.points_earned, o.created_at,
       o.completed_at
  from ringup.orders o;
