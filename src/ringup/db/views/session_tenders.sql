-- What a session took and gave back, by way of paying. A charge counts when its order is completed, in the session that
-- the order belongs to, but for a tip that came when that was closed; a refund where it was paid out.
create view ringup.session_tenders as
select t.vendor_id, t.register_session_id, t.tender_type,
       (count(*) filter (where t.kind = 'charge'))::bigint as sales_count,
       coalesce(sum(t.approved_minor) filter (where t.kind <> 'refund'), 0)::bigint as sales_minor,
       coalesce(sum(t.tip_minor) filter (where t.kind <> 'refund'), 0)::bigint as tips_minor,
       coalesce(sum(t.tendered_minor) filter (where t.kind = 'charge'), 0)::bigint as tendered_minor,
       coalesce(sum(t.change_minor) filter (where t.kind = 'charge'), 0)::bigint as change_minor,
       (count(*) filter (where t.kind = 'refund'))::bigint as refunds_count,
       coalesce(sum(t.approved_minor) filter (where t.kind = 'refund'), 0)::bigint as refunds_minor
  from (select o.vendor_id, o.register_session_id, p.tender_type, 'charge' as kind,
               p.approved_minor - p.late_tip_minor as approved_minor, p.tip_minor - p.late_tip_minor as tip_minor,
               coalesce(p.tendered_minor, p.approved_minor) as tendered_minor,
               coalesce(p.change_minor, 0) as change_minor
          from ringup.orders o
          join ringup.payment_transactions p on p.vendor_id = o.vendor_id and p.order_id = o.id
         where o.completed_at is not null and p.kind = 'charge' and p.status = 'approved'
         union all
        select t.vendor_id, t.register_session_id, 'card', 'tip', t.tip_minor - t.before_minor,
               t.tip_minor - t.before_minor, 0, 0
          from ringup.tip_changes t
         where t.is_late
         union all
        select p.vendor_id, p.register_session_id, p.tender_type, 'refund', p.approved_minor, 0, 0, 0
          from ringup.payment_transactions p
         where p.kind = 'refund' and p.status = 'approved' and p.register_session_id is not null) as t
 group by t.vendor_id, t.register_session_id, t.tender_type;
