-- I13: whoever repeated a step, every effect is there once: an order ends once and is what its last event says, a charge is
-- found and undone once, a completed order's stock and points moved exactly once, and so did the goods of a refund.
create view ringup.audit_i13_recovery_repeats_safely as
select o.vendor_id, 'order' as subject, o.id::text as subject_id,
       format('%s, and ended %s times', o.status, count(e.id)) as problem
  from ringup.orders o
  left join ringup.order_events e
    on e.vendor_id = o.vendor_id and e.order_id = o.id and e.event in ('completed', 'payment_refused', 'cancelled')
 group by o.vendor_id, o.id, o.status
having count(e.id) <> (o.status not in ('pending_payment', 'payment_processing', 'payment_authorized'))::integer
union all
select e.vendor_id, 'order', e.order_id::text,
       format('%s happened %s times%s', e.event, count(*), coalesce(' to payment ' || e.payment_id, ''))
  from (select q.vendor_id, q.order_id, q.event,
               case when q.event <> 'fully_paid' then q.detail ->> 'payment_id' end as payment_id
          from ringup.order_events q
         where q.event in ('fully_paid', 'payment_in_doubt', 'charge_found', 'charge_undone')) as e
 group by e.vendor_id, e.order_id, e.event, e.payment_id
having count(*) > 1
union all
select v.vendor_id, 'order', v.reference_id, format('product %s was %s %s times', v.product_id, v.reason, count(*))
  from ringup.inventory_movements v
 where v.reference_type = 'order' and v.reason in ('held', 'sold', 'released')
 group by v.vendor_id, v.reference_id, v.product_id, v.reason
having count(*) > 1
union all
select o.vendor_id, 'order', o.id::text,
       format('%s points redeemed and %s earned, and %s and %s in the ledger', o.points_redeemed, o.points_earned,
              t.spent, t.earned)
  from ringup.orders o
 cross join lateral (
    select coalesce(-sum(l.points) filter (where l.transaction_type = 'spent'), 0) as spent,
           coalesce(sum(l.points) filter (where l.transaction_type = 'earned'), 0) as earned
      from ringup.loyalty_transactions l
     where l.vendor_id = o.vendor_id and l.customer_id = o.customer_id
       and l.reference_type = 'order' and l.reference_id = o.id::text) as t
 where o.status in ('completed', 'partially_refunded', 'refunded')
   and ((o.points_redeemed > 0 and t.spent <> o.points_redeemed)
        or (o.points_earned > 0 and t.earned <> o.points_earned))
   and not exists (select from ringup.loyalty_reconciliation_queue q
                    where q.vendor_id = o.vendor_id and q.order_id = o.id)
union all
select v.vendor_id, 'refund', v.reference_id, format('product %s came back %s times', v.product_id, count(*))
  from ringup.inventory_movements v
 where v.reference_type = 'refund'
 group by v.vendor_id, v.reference_id, v.product_id
having count(*) > 1;
