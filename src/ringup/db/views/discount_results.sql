-- Every discount of every completed sale, on its day where the shop is, with who gave it.
create view ringup.discount_results as
select o.vendor_id, o.id as order_id, o.completed_at, d.kind, d.name, d.amount_minor,
       case when d.kind = 'coupon' then d.reason end as coupon,
       d.given_by, s.name as given_by_name
  from ringup.orders o
  join ringup.order_discounts d on d.vendor_id = o.vendor_id and d.order_id = o.id
  left join ringup.staff s on s.vendor_id = d.vendor_id and s.id = d.given_by
 where o.status in ('completed', 'partially_refunded', 'refunded') and o.discount_minor > 0;
