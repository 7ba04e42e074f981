-- I2: per order, approved money is never more than what is due, and a tender has at most one charge that stands.
create view ringup.audit_i02_no_double_charge as
select o.vendor_id, 'order' as subject, o.id::text as subject_id,
       format('%s approved in %s charges where %s is due', p.approved, p.charges, o.total_minor) as problem
  from ringup.orders o
  join (select q.vendor_id, q.order_id, sum(q.approved_minor) as approved, count(*) as charges,
               count(*) - count(distinct q.tender_number) as doubled
          from ringup.payment_transactions q
         where q.kind = 'charge' and q.status in ('approved', 'voiding')
         group by q.vendor_id, q.order_id) as p on p.vendor_id = o.vendor_id and p.order_id = o.id
 where p.approved > o.total_minor or p.doubled > 0;
