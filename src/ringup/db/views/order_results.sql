-- Every order, on its day and in its week (from Monday) where the shop is.
-- result is completed, payment_failed, cancelled or open; cause is why an order ended without a sale.
create view ringup.order_results as
select o.vendor_id, o.id as order_id, o.created_at, d.day, date_trunc('week', d.day::timestamp)::date as week,
       r.result,
       case when r.result in ('payment_failed', 'cancelled') then coalesce(o.failure_code, r.result) end as cause
  from ringup.orders o
  join ringup.vendors v on v.id = o.vendor_id
 cross join lateral (select (o.created_at at time zone v.time_zone)::date as day) as d
 cross join lateral (
       select case when o.status in ('completed', 'partially_refunded', 'refunded') then 'completed'
                   when o.status in ('payment_failed', 'cancelled') then o.status
                   else 'open' end as result) as r;
