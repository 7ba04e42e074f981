-- What each session sold: completed orders, wherever they began; and tips that came when a sale's session was closed.
create view ringup.session_sales as
select q.vendor_id, q.register_session_id, sum(q.orders_count)::bigint as orders_count,
       sum(q.subtotal_minor)::bigint as subtotal_minor, sum(q.discount_minor)::bigint as discount_minor,
       sum(q.tax_minor)::bigint as tax_minor, sum(q.tax_included_minor)::bigint as tax_included_minor,
       sum(q.tip_minor)::bigint as tip_minor, sum(q.cash_rounding_minor)::bigint as cash_rounding_minor,
       sum(q.total_minor)::bigint as total_minor,
       sum(q.late_count)::bigint as late_count
  from (select o.vendor_id, o.register_session_id, 1 as orders_count, o.subtotal_minor, o.discount_minor, o.tax_minor,
               o.tax_included_minor, o.tip_minor - o.late_tip_minor as tip_minor, o.cash_rounding_minor,
               o.total_minor - o.late_tip_minor as total_minor, (o.began_session_id is not null)::integer as late_count
          from ringup.orders o
         where o.completed_at is not null
         union all
        select t.vendor_id, t.register_session_id, 0, 0, 0, 0, 0, t.tip_minor - t.before_minor, 0,
               t.tip_minor - t.before_minor, 0
          from ringup.tip_changes t
         where t.is_late) as q
 group by q.vendor_id, q.register_session_id;
