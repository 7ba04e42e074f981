-- People, without what their PINs are compared with.
create view ringup.staff_list as
select s.vendor_id, s.id, s.name, s.role, s.is_active, s.pin_hash is not null as has_pin, s.pin_set_at,
       s.failed_attempts, s.locked_until, s.created_at, s.updated_at
  from ringup.staff s;
