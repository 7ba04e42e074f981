-- Every charge that a terminal was asked for, on the day of its sale where the shop is.
-- result is approved, declined, not_sent, undone (it was approved and went back, or is to) or in_doubt.
create view ringup.payment_results as
select o.vendor_id, p.id as payment_id, o.id as order_id, o.created_at, d.day, p.payment_processor_id as processor_id,
       t.processor_name, t.location_id,
       case p.status when 'error' then 'not_sent' when 'voiding' then 'undone' when 'voided' then 'undone'
                     when 'approved' then 'approved' when 'declined' then 'declined' else 'in_doubt' end as result
  from ringup.orders o
  join ringup.vendors v on v.id = o.vendor_id
  join ringup.payment_transactions p on p.vendor_id = o.vendor_id and p.order_id = o.id
  join ringup.payment_processors t on t.vendor_id = p.vendor_id and t.id = p.payment_processor_id
 cross join lateral (select (o.created_at at time zone v.time_zone)::date as day) as d
 where p.kind = 'charge' and p.sent_at is not null;
