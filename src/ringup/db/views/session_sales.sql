-- What each session sold: completed orders, wherever they began.
create view ringup.session_sales as
select o.vendor_id, o.register_session_id, count(*) as orders_count,
       sum(o.subtotal_minor)::bigint as subtotal_minor, sum(o.discount_minor)::bigint as discount_minor,
       sum(o.tax_minor)::bigint as tax_minor, sum(o.tax_included_minor)::bigint as tax_included_minor,
       sum(o.tip_minor)::bigint as tip_minor, sum(o.cash_rounding_minor)::bigint as cash_rounding_minor,
       sum(o.total_minor)::bigint as total_minor,
       count(o.began_session_id) as late_count
  from ringup.orders o
 where o.completed_at is not null
 group by o.vendor_id, o.register_session_id;
