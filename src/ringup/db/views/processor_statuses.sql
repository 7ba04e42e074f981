-- Terminals with their colour, what they last said, whether they are working on a payment now, and whether one on them
-- is in doubt: such a terminal is not offered to another sale.
create view ringup.processor_statuses as
select p.vendor_id, p.id, p.location_id, p.processor_name, p.processor_type, p.is_active, p.is_live, p.settings,
       p.last_health_check, p.last_health_status, p.last_health_error,
       ringup.health_colour(p.last_health_status, p.last_health_check) as health,
       t.id is not null as is_working,
       coalesce(ringup.is_in_doubt(t.status, t.next_check_at), false) as is_in_doubt,
       p.created_at
  from ringup.payment_processors p
  left join ringup.payment_transactions t
    on t.vendor_id = p.vendor_id and t.payment_processor_id = p.id and t.status in ('processing', 'unknown');
