-- What every terminal said each time it was asked whether it is there, on the day where the shop is.
create view ringup.terminal_checks as
select c.vendor_id, c.payment_processor_id as processor_id, t.processor_name, t.location_id, c.checked_at,
       (c.checked_at at time zone v.time_zone)::date as day, c.status, c.latency_ms
  from ringup.payment_processors t
  join ringup.vendors v on v.id = t.vendor_id
  join ringup.processor_health_checks c on c.vendor_id = t.vendor_id and c.payment_processor_id = t.id;
