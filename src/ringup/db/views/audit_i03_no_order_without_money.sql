-- I3: a completed order's tenders sum to its total, and its lines to its subtotal.
create view ringup.audit_i03_no_order_without_money as
select o.vendor_id, 'order' as subject, o.id::text as subject_id,
       format('total %s, tenders %s; subtotal %s, lines %s', o.total_minor, coalesce(p.approved, 0),
              o.subtotal_minor, coalesce(i.gross, 0)) as problem
  from ringup.orders o
  left join (select q.vendor_id, q.order_id, sum(q.approved_minor) as approved
               from ringup.payment_transactions q
              where q.kind = 'charge' and q.status = 'approved'
              group by q.vendor_id, q.order_id) as p on p.vendor_id = o.vendor_id and p.order_id = o.id
  left join (select n.vendor_id, n.order_id, sum(n.unit_price_minor * n.quantity) as gross
               from ringup.order_items n
              group by n.vendor_id, n.order_id) as i on i.vendor_id = o.vendor_id and i.order_id = o.id
 where o.status in ('completed', 'partially_refunded', 'refunded')
   and (coalesce(p.approved, 0) <> o.total_minor or coalesce(i.gross, 0) <> o.subtotal_minor);
