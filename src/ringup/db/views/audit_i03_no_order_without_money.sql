-- I3: a completed order's tenders sum to its total, and its lines to its subtotal, its discounts, its taxes and, with tip
-- and cash rounding, its total; and what is stored of each rate sums to the taxes. The two halves of an exchange stand
-- alike, and what one gives the other takes.
create view ringup.audit_i03_no_order_without_money as
select o.vendor_id, 'order' as subject, o.id::text as subject_id,
       format('total %s, tenders %s, lines %s; subtotal %s, lines %s; discounts %s, lines %s; '
              'taxes %s, lines %s, rates %s',
              o.total_minor, coalesce(p.approved, 0),
              coalesce(i.total, 0) - o.points_value_minor + o.tip_minor + o.cash_rounding_minor,
              o.subtotal_minor, coalesce(i.gross, 0), o.discount_minor, coalesce(i.discount, 0) + o.points_value_minor,
              o.tax_minor, coalesce(i.tax, 0), coalesce(t.tax, 0)) as problem
  from ringup.orders o
  left join (select q.vendor_id, q.order_id, sum(q.approved_minor) as approved
               from ringup.payment_transactions q
              where q.kind = 'charge' and q.status = 'approved'
              group by q.vendor_id, q.order_id) as p on p.vendor_id = o.vendor_id and p.order_id = o.id
  left join (select n.vendor_id, n.order_id, sum(n.unit_price_minor * n.quantity) as gross,
                    sum(n.discount_minor) as discount, sum(n.tax_minor) as tax, sum(n.total_minor) as total
               from ringup.order_items n
              group by n.vendor_id, n.order_id) as i on i.vendor_id = o.vendor_id and i.order_id = o.id
  left join (select m.vendor_id, m.order_id, sum(m.tax_minor) as tax
               from ringup.order_item_taxes m
              group by m.vendor_id, m.order_id) as t on t.vendor_id = o.vendor_id and t.order_id = o.id
 where o.status in ('completed', 'partially_refunded', 'refunded')
   and (coalesce(p.approved, 0) <> o.total_minor or coalesce(i.gross, 0) <> o.subtotal_minor
        or coalesce(i.discount, 0) + o.points_value_minor <> o.discount_minor
        or coalesce(i.total, 0) - o.points_value_minor + o.tip_minor + o.cash_rounding_minor <> o.total_minor
        or coalesce(i.tax, 0) <> o.tax_minor or coalesce(t.tax, 0) <> o.tax_minor)
union all
select o.vendor_id, 'order', o.id::text,
       format('%s, and the refund that pays it is %s; paid by exchange %s, and the refund gives %s', o.status,
              coalesce(r.status, 'missing'), coalesce(p.paid, 0), coalesce(b.given, 0))
  from ringup.orders o
  left join ringup.refunds r on r.vendor_id = o.vendor_id and r.id = o.exchange_refund_id
  left join (select q.vendor_id, q.order_id, sum(q.approved_minor) as paid
               from ringup.payment_transactions q
              where q.kind = 'charge' and q.tender_type = 'exchange' and q.status = 'approved'
              group by q.vendor_id, q.order_id) as p on p.vendor_id = o.vendor_id and p.order_id = o.id
  left join (select q.vendor_id, q.refund_id, sum(q.approved_minor) as given
               from ringup.payment_transactions q
              where q.kind = 'refund' and q.tender_type = 'exchange' and q.status = 'approved'
              group by q.vendor_id, q.refund_id) as b
         on b.vendor_id = o.vendor_id and b.refund_id = o.exchange_refund_id
 where coalesce(p.paid, 0) <> coalesce(b.given, 0)
    or (o.exchange_refund_id is not null
        and r.status is distinct from case when o.completed_at is not null then 'completed'
                                           when o.status in ('payment_failed', 'cancelled') then 'cancelled'
                                           else 'open' end);
