-- I1: every approved charge belongs to one of: a completed order, a checkout somebody is driving, a void under way,
-- an item that waits for a person, or that a person closed, saying how.
create view ringup.audit_i01_no_charge_without_an_order as
select p.vendor_id, 'payment' as subject, p.id::text as subject_id,
       format('%s approved for an order that is %s, and not being given back', p.approved_minor, o.status) as problem
  from ringup.payment_transactions p
  join ringup.orders o on o.vendor_id = p.vendor_id and o.id = p.order_id
 where p.kind = 'charge' and p.status = 'approved'
   and o.status not in ('completed', 'partially_refunded', 'refunded')
   and (o.status in ('payment_failed', 'cancelled') or coalesce(o.lease_until <= ringup.now(), true))
   and not (o.status = 'payment_processing' and o.hold_until > ringup.now()
            and (o.due_minor > 0
                 or exists (select from ringup.payment_transactions c
                             where c.vendor_id = o.vendor_id and c.order_id = o.id and c.status = 'created')))
   and not exists (select from ringup.reconciliation_items i
                    where i.vendor_id = p.vendor_id and i.payment_id = p.id);
