-- What each rate came to on each line of every completed sale, on its day where the shop is; exempt sales by their certificate.
create view ringup.tax_results as
select o.vendor_id, o.id as order_id, o.completed_at, (o.completed_at at time zone v.time_zone)::date as day,
       t.code, t.name, t.percent, t.is_included, t.base_minor, t.tax_minor
  from ringup.orders o
  join ringup.vendors v on v.id = o.vendor_id
  join ringup.order_item_taxes t on t.vendor_id = o.vendor_id and t.order_id = o.id
 where o.status in ('completed', 'partially_refunded', 'refunded') and o.tax_rate_count > 0
 union all
select o.vendor_id, o.id, o.completed_at, (o.completed_at at time zone v.time_zone)::date,
       'exempt', 'Exempt', null, null, o.total_minor - o.tip_minor, 0
  from ringup.orders o
  join ringup.vendors v on v.id = o.vendor_id
 where o.status in ('completed', 'partially_refunded', 'refunded') and o.tax_exemption_reason is not null;
