-- What the drawer of each session should hold, and why: derived from rows every time, and stored nowhere but in a Z report.
create view ringup.session_cash as
select s.vendor_id, s.id as register_session_id, s.opening_float_minor, t.tendered_minor, t.change_minor,
       t.refunds_minor, m.paid_in_minor, m.paid_out_minor, m.cash_drop_minor,
       s.opening_float_minor + t.tendered_minor - t.change_minor - t.refunds_minor
       + m.paid_in_minor - m.paid_out_minor - m.cash_drop_minor as expected_minor
  from ringup.register_sessions s
 cross join lateral (
       select coalesce(sum(c.tendered_minor), 0)::bigint as tendered_minor,
              coalesce(sum(c.change_minor), 0)::bigint as change_minor,
              coalesce(sum(c.refunds_minor), 0)::bigint as refunds_minor
         from ringup.session_tenders c
        where c.vendor_id = s.vendor_id and c.register_session_id = s.id and c.tender_type = 'cash') as t
 cross join lateral (
       select coalesce(sum(q.amount_minor) filter (where q.kind = 'paid_in'), 0)::bigint as paid_in_minor,
              coalesce(sum(q.amount_minor) filter (where q.kind = 'paid_out'), 0)::bigint as paid_out_minor,
              coalesce(sum(q.amount_minor) filter (where q.kind = 'cash_drop'), 0)::bigint as cash_drop_minor
         from ringup.cash_movements q
        where q.vendor_id = s.vendor_id and q.register_session_id = s.id) as m;
