-- I7: no open order, doubt, void, capture or queued points are past their time without somebody being due to look at them
-- soon, and no authorisation is about to expire without a person knowing.
create view ringup.audit_i07_nothing_is_stuck as
select o.vendor_id, 'order' as subject, o.id::text as subject_id,
       format('%s, and its holds ran out at %s', o.status, o.hold_until) as problem
  from ringup.orders o
 where o.status in ('pending_payment', 'payment_processing', 'payment_authorized')
   and o.hold_until < ringup.now() - interval '2 minutes'
   and not exists (select from ringup.payment_transactions p
                    where p.vendor_id = o.vendor_id and p.order_id = o.id and p.status in ('processing', 'unknown'))
   and not exists (select from ringup.payment_transactions p
                    where p.vendor_id = o.vendor_id and p.refund_id = o.exchange_refund_id
                      and p.status in ('processing', 'unknown'))
   and not exists (select from ringup.reconciliation_items i
                    where i.vendor_id = o.vendor_id and i.kind = 'refund_unfinished'
                      and i.reference_id = o.exchange_refund_id::text)
union all
select p.vendor_id, 'payment', p.id::text,
       format('%s (capture %s), and nobody is due to ask about it', p.status, p.capture_status)
  from ringup.payment_transactions p
  join ringup.orders o on o.vendor_id = p.vendor_id and o.id = p.order_id
 where (p.status in ('processing', 'unknown', 'voiding') or p.tip_change_id is not null
        or (p.status = 'approved' and p.capture_status = 'pending'
            and o.status in ('completed', 'partially_refunded', 'refunded')))
   and (p.next_check_at is null or p.next_check_at < ringup.now() - interval '10 minutes')
union all
select o.vendor_id, 'order', o.id::text, 'open, and without a lease nobody would ever find it'
  from ringup.orders o
 where o.status in ('pending_payment', 'payment_processing', 'payment_authorized') and o.lease_until is null
union all
select q.vendor_id, 'loyalty_reconciliation_queue', q.id::text, 'points wait, and nobody is due to try them again'
  from ringup.loyalty_reconciliation_queue q
 where not q.resolved and (q.next_retry_at is null or q.next_retry_at < ringup.now() - interval '10 minutes')
   and not exists (select from ringup.feature_switches s
                    where s.vendor_id = q.vendor_id and s.name = 'loyalty_updates' and not s.is_on)
union all
select p.vendor_id, 'payment', p.id::text,
       format('approved at %s and not captured, about to expire, and nobody was told', p.settled_at)
  from ringup.payment_transactions p
  join ringup.payment_processors t on t.vendor_id = p.vendor_id and t.id = p.payment_processor_id
 where p.status = 'approved' and p.capture_status = 'pending'
   and ringup.capture_alarm_at(p.settled_at, t.settings) < ringup.now() - interval '10 minutes'
   and not exists (select from ringup.reconciliation_items i
                    where i.vendor_id = p.vendor_id and i.payment_id = p.id and i.kind = 'capture_expiring')
union all
select r.vendor_id, 'refund', r.id::text, 'a refund is open since more than a day, and nobody was told'
  from ringup.refunds r
 where r.status = 'open' and r.updated_at < ringup.now() - interval '25 hours'
   and not exists (select from ringup.payment_transactions p
                    where p.vendor_id = r.vendor_id and p.order_id = r.order_id and p.refund_id = r.id
                      and p.status in ('processing', 'unknown'))
   and not exists (select from ringup.reconciliation_items i
                    where i.vendor_id = r.vendor_id and i.kind = 'refund_unfinished' and i.reference_id = r.id::text);
