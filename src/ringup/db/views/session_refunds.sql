-- What each session gave back: completed refunds, wherever they began. Of amount_minor, tax and tip are a part.
create view ringup.session_refunds as
select r.vendor_id, r.register_session_id, count(*) as refunds_count, sum(r.amount_minor)::bigint as amount_minor,
       sum((select coalesce(sum(t.tax_minor), 0) from ringup.refund_line_taxes t
             where t.vendor_id = r.vendor_id and t.refund_id = r.id))::bigint as tax_minor,
       sum(r.tip_minor)::bigint as tip_minor, sum(r.cash_rounding_minor)::bigint as cash_rounding_minor,
       count(r.began_session_id) as late_count
  from ringup.refunds r
 where r.status = 'completed'
 group by r.vendor_id, r.register_session_id;
