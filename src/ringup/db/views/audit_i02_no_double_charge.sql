-- I2: per order, approved money is never more than what is due, and a tender has at most one charge that stands;
-- and of no charge more goes back than was captured of it, unless a person was told.
create view ringup.audit_i02_no_double_charge as
select o.vendor_id, 'order' as subject, o.id::text as subject_id,
       format('%s approved in %s charges where %s is due', p.approved, p.charges, o.total_minor) as problem
  from ringup.orders o
  join (select q.vendor_id, q.order_id, sum(q.approved_minor) as approved, count(*) as charges,
               count(*) - count(distinct q.tender_number) as doubled
          from ringup.payment_transactions q
         where q.kind = 'charge' and q.status in ('approved', 'voiding')
         group by q.vendor_id, q.order_id) as p on p.vendor_id = o.vendor_id and p.order_id = o.id
 where p.approved > o.total_minor or p.doubled > 0
union all
select o.vendor_id, 'order', o.id::text, format('%s went back or is to of %s paid by %s', c.back, c.approved, c.tender)
  from ringup.orders o
  join (select q.vendor_id, q.order_id, q.tender_type || coalesce(' ' || q.payment_processor_id, '') as tender,
               q.tender_type = 'cash' as is_cash, coalesce(sum(b.minor), 0) as back,
               sum(q.approved_minor) filter (where q.status = 'approved') as approved
          from ringup.payment_transactions q
          left join (select n.vendor_id, n.refunds_payment_id,
                            sum(coalesce(n.approved_minor, n.amount_minor) - n.rounding_minor) as minor
                       from ringup.payment_transactions n
                      where n.kind = 'refund' and n.status not in ('declined', 'error')
                        and not exists (select from ringup.reconciliation_items i
                                         where i.vendor_id = n.vendor_id and i.payment_id = n.id
                                           and i.kind = 'refunded_twice')
                      group by n.vendor_id, n.refunds_payment_id) as b
            on b.vendor_id = q.vendor_id and b.refunds_payment_id = q.id
         where q.kind = 'charge'
         group by q.vendor_id, q.order_id, tender, is_cash, case when q.tender_type <> 'cash' then q.id end) as c
    on c.vendor_id = o.vendor_id and c.order_id = o.id
 where c.back > greatest(coalesce(c.approved, 0) - case when c.is_cash then o.cash_rounding_minor else 0 end, 0)
union all
select r.vendor_id, 'refund', r.id::text,
       format('%s for %s, lines, tip and rounding %s, paid back %s', r.status, r.amount_minor,
              r.tip_minor + coalesce(l.amount, 0) + r.cash_rounding_minor, coalesce(p.back, 0))
  from ringup.refunds r
  left join (select n.vendor_id, n.refund_id, sum(n.amount_minor) as amount
               from ringup.refund_lines n
              group by n.vendor_id, n.refund_id) as l on l.vendor_id = r.vendor_id and l.refund_id = r.id
  left join (select q.vendor_id, q.refund_id, sum(q.approved_minor) as back
               from ringup.payment_transactions q
              where q.kind = 'refund' and q.status = 'approved'
                and not exists (select from ringup.reconciliation_items i
                                 where i.vendor_id = q.vendor_id and i.payment_id = q.id)
              group by q.vendor_id, q.refund_id) as p on p.vendor_id = r.vendor_id and p.refund_id = r.id
 where r.amount_minor <> r.tip_minor + coalesce(l.amount, 0) + r.cash_rounding_minor
    or (r.status = 'cancelled' and coalesce(p.back, 0) > 0)
    or (r.status = 'completed' and coalesce(p.back, 0) <> r.amount_minor
        and not exists (select from ringup.payment_transactions q
                          join ringup.reconciliation_items i on i.vendor_id = q.vendor_id and i.payment_id = q.id
                         where q.vendor_id = r.vendor_id and q.refund_id = r.id));
