-- Shifts, and late sessions between them. What a drawer should hold is shown of closed ones only.
create view ringup.register_session_list as
select s.vendor_id, s.id, s.register_id, r.location_id, r.name as register_name, s.kind, s.opened_by, s.opened_at,
       s.opening_float_minor, s.closed_by, s.closed_at, s.closure_number, s.order_count, s.counted_minor,
       s.expected_minor, s.variance_minor
  from ringup.register_sessions s
  join ringup.registers r on r.vendor_id = s.vendor_id and r.id = s.register_id;
