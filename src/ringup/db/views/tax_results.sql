-- What each rate came to on each line of every completed sale, on its day where the shop is, and exempt sales by their
-- certificate; what went back of both, on the day of the refund, with the sign turned.
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
 where o.status in ('completed', 'partially_refunded', 'refunded') and o.tax_exemption_reason is not null
 union all
select r.vendor_id, r.order_id, r.completed_at, (r.completed_at at time zone v.time_zone)::date,
       t.code, t.name, t.percent, t.is_included, -l.base_minor, -l.tax_minor
  from ringup.refunds r
  join ringup.vendors v on v.id = r.vendor_id
  join ringup.refund_line_taxes l on l.vendor_id = r.vendor_id and l.refund_id = r.id
  join ringup.order_item_taxes t
    on t.vendor_id = l.vendor_id and t.order_id = l.order_id and t.line_number = l.line_number and t.code = l.code
 where r.status = 'completed'
 union all
select r.vendor_id, r.order_id, r.completed_at, (r.completed_at at time zone v.time_zone)::date,
       'exempt', 'Exempt', null, null, r.tip_minor - r.amount_minor, 0
  from ringup.refunds r
  join ringup.vendors v on v.id = r.vendor_id
  join ringup.orders o on o.vendor_id = r.vendor_id and o.id = r.order_id
 where r.status = 'completed' and o.tax_exemption_reason is not null;
