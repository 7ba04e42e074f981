-- Tills, and the session that is open at each.
create view ringup.register_statuses as
select r.vendor_id, r.id, r.location_id, r.name, r.is_active, s.id as open_session_id, s.opened_by, s.opened_at,
       s.opening_float_minor, s.order_count, s.cash_minor, s.card_minor, s.external_minor, r.created_at
  from ringup.registers r
  left join ringup.register_sessions s
    on s.vendor_id = r.vendor_id and s.register_id = r.id and s.closed_at is null and s.kind = 'shift';
