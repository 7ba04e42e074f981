-- The numbers of each session's report, derived from rows. X and Z reports take them from here, and the audit compares
-- a Z report with what is answered here now.
create view ringup.session_totals as
select s.vendor_id, s.id as register_session_id,
       (select jsonb_build_object(
                   'orders_count', coalesce(sum(q.orders_count), 0),
                   'subtotal_minor', coalesce(sum(q.subtotal_minor), 0),
                   'discount_minor', coalesce(sum(q.discount_minor), 0), 'tax_minor', coalesce(sum(q.tax_minor), 0),
                   'tax_included_minor', coalesce(sum(q.tax_included_minor), 0),
                   'tip_minor', coalesce(sum(q.tip_minor), 0),
                   'cash_rounding_minor', coalesce(sum(q.cash_rounding_minor), 0),
                   'total_minor', coalesce(sum(q.total_minor), 0),
                   'late_count', coalesce(sum(q.late_count), 0))
          from ringup.session_sales q
         where q.vendor_id = s.vendor_id and q.register_session_id = s.id) as sales,
       (select jsonb_build_object(
                   'refunds_count', coalesce(sum(q.refunds_count), 0), 'amount_minor', coalesce(sum(q.amount_minor), 0),
                   'tax_minor', coalesce(sum(q.tax_minor), 0), 'tip_minor', coalesce(sum(q.tip_minor), 0),
                   'cash_rounding_minor', coalesce(sum(q.cash_rounding_minor), 0),
                   'late_count', coalesce(sum(q.late_count), 0))
          from ringup.session_refunds q
         where q.vendor_id = s.vendor_id and q.register_session_id = s.id) as refunds,
       (select coalesce(jsonb_agg(jsonb_build_object(
                   'type', t.tender_type, 'sales_count', t.sales_count, 'sales_minor', t.sales_minor,
                   'tips_minor', t.tips_minor, 'refunds_count', t.refunds_count, 'refunds_minor', t.refunds_minor,
                   'net_minor', t.sales_minor - t.refunds_minor) order by t.tender_type), '[]')
          from ringup.session_tenders t
         where t.vendor_id = s.vendor_id and t.register_session_id = s.id) as tenders,
       (select jsonb_build_object(
                   'opening_float_minor', c.opening_float_minor, 'tendered_minor', c.tendered_minor,
                   'change_minor', c.change_minor, 'refunds_minor', c.refunds_minor, 'paid_in_minor', c.paid_in_minor,
                   'paid_out_minor', c.paid_out_minor, 'cash_drop_minor', c.cash_drop_minor,
                   'expected_minor', c.expected_minor)
          from ringup.session_cash c
         where c.vendor_id = s.vendor_id and c.register_session_id = s.id) as cash
  from ringup.register_sessions s;
