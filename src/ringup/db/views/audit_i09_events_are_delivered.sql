-- I9: an order's events are numbered without a gap, no two have the same id, and each was handed on within ten minutes, in
-- the order's own order.
create view ringup.audit_i09_events_are_delivered as
select o.vendor_id, 'order' as subject, o.id::text as subject_id,
       format('%s events, numbered from %s to %s', count(*), min(e.sequence), max(e.sequence)) as problem
  from ringup.orders o
  join ringup.order_events e on e.vendor_id = o.vendor_id and e.order_id = o.id
 group by o.vendor_id, o.id, o.event_count
having min(e.sequence) <> 1 or max(e.sequence) <> count(*) or count(*) <> o.event_count
union all
select e.vendor_id, 'event', e.id::text, format('%s events have this id', count(*))
  from ringup.order_events e
 group by e.vendor_id, e.id
having count(*) > 1
union all
select e.vendor_id, 'event', e.id::text,
       format('number %s of order %s was committed at %s and never handed on', e.sequence, e.order_id, e.created_at)
  from ringup.order_events e
 where e.relayed_at is null and e.created_at < ringup.now() - interval '10 minutes'
union all
select l.vendor_id, 'event', l.id::text, format('number %s of order %s was handed on before the one before it',
                                                l.sequence, l.order_id)
  from (select e.vendor_id, e.id, e.order_id, e.sequence, e.relayed_at,
               lag(coalesce(e.relayed_at, 'infinity')) over (
                   partition by e.vendor_id, e.order_id order by e.sequence) as previous_at
          from ringup.order_events e) as l
 where l.relayed_at < l.previous_at;
