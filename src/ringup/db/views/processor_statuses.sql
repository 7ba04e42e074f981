-- Terminals with their colour, what they last said, and whether they are working on a payment now.
create view ringup.processor_statuses as
select p.vendor_id, p.id, p.location_id, p.processor_name, p.processor_type, p.is_active, p.is_live, p.settings,
       p.last_health_check, p.last_health_status, p.last_health_error,
       ringup.health_colour(p.last_health_status, p.last_health_check) as health,
       exists (select from ringup.payment_transactions t
                where t.vendor_id = p.vendor_id and t.payment_processor_id = p.id
                  and t.status in ('processing', 'unknown')) as is_working,
       p.created_at
  from ringup.payment_processors p;
