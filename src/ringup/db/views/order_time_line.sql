-- One order's whole story: its events, every attempt to be paid and what it ended in, what moved because of it, what the
-- system said, and what people did. kind is begun, event, attempt, outcome, stock, points, receipt, log or person.
create view ringup.order_time_line as
select o.vendor_id, o.id as order_id, o.id, o.created_at as at, 'begun' as kind, 'begun' as what,
       jsonb_build_object('total_minor', o.total_minor, 'idempotency_key', o.idempotency_key,
                          'request_id', o.request_id) as detail
  from ringup.orders o
union all
select e.vendor_id, e.order_id, e.id, e.created_at, 'event', e.event,
       e.detail || jsonb_build_object('status', e.status, 'handed_on_at', e.relayed_at)
  from ringup.order_events e
union all
select p.vendor_id, p.order_id, p.id, p.sent_at, 'attempt', p.kind,
       jsonb_build_object('tender', p.tender_number, 'terminal', t.processor_name, 'amount_minor', p.amount_minor,
                          'reference', p.reference_id)
  from ringup.payment_transactions p
  join ringup.payment_processors t on t.vendor_id = p.vendor_id and t.id = p.payment_processor_id
 where p.sent_at is not null
union all
select p.vendor_id, p.order_id, p.id, coalesce(p.settled_at, p.updated_at), 'outcome', p.status,
       jsonb_build_object('tender', p.tender_number, 'type', p.tender_type, 'approved_minor', p.approved_minor,
                          'capture', nullif(p.capture_status, 'not_needed'), 'card', p.card_last4,
                          'approval_code', p.auth_code, 'said', p.error_message, 'reference', p.reference_id,
                          'asked_again', nullif(p.check_count, 0))
  from ringup.payment_transactions p
 where p.status not in ('created', 'processing')
union all
select m.vendor_id, o.id, m.id, m.created_at, 'stock', m.reason,
       jsonb_build_object('goods', n.name, 'on_hand_change', m.on_hand_change, 'reserved_change', m.reserved_change)
  from ringup.orders o
  -- By way of the goods, which is how movements are indexed.
 cross join lateral (
       select distinct on (i.product_id) i.product_id, r.name
         from ringup.order_items i
         join ringup.products r on r.vendor_id = i.vendor_id and r.id = i.product_id
        where i.vendor_id = o.vendor_id and i.order_id = o.id) as n
  join ringup.inventory_movements m
    on m.vendor_id = o.vendor_id and m.location_id = o.location_id and m.product_id = n.product_id
   -- Goods are set aside a moment before the order's row is written.
   and m.created_at >= o.created_at - interval '5 minutes'
   and m.reference_type = 'order' and m.reference_id = o.id::text
union all
select t.vendor_id, o.id, t.id, t.created_at, 'points', t.transaction_type,
       jsonb_build_object('points', t.points, 'balance_before', t.balance_before, 'balance_after', t.balance_after)
  from ringup.orders o
  join ringup.loyalty_transactions t
    on t.vendor_id = o.vendor_id and t.reference_type = 'order' and t.reference_id = o.id::text
union all
select r.vendor_id, r.order_id, r.id, r.created_at, 'receipt', 'printed',
       jsonb_build_object('number', r.print_number, 'format', r.format, 'by', r.printed_by)
  from ringup.receipt_prints r
union all
select r.vendor_id, r.order_id, r.id, coalesce(r.sent_at, r.created_at), 'receipt', 'mail_' || r.status,
       jsonb_build_object('tries', r.try_count, 'said', r.error, 'by', r.requested_by)
  from ringup.receipt_mails r
union all
select l.vendor_id, o.id, l.id, l.created_at, 'log', l.level,
       jsonb_build_object('message', l.message, 'function', l.function_name, 'request_id', l.request_id)
  from ringup.orders o
  join ringup.edge_function_logs l
    on l.vendor_id = o.vendor_id and l.created_at >= o.created_at and l.context ->> 'orderId' = o.id::text
union all
select a.vendor_id, r.order_id, a.id, a.created_at, 'person', a.action,
       jsonb_build_object('by', a.actor, 'approved_by', a.approved_by,
                          'reason', coalesce(a.after ->> 'reason', a.after ->> 'resolution'))
  from (select o.vendor_id, o.id as order_id, 'order' as row_type, o.id::text as row_id
          from ringup.orders o
        union all
        select p.vendor_id, p.order_id, 'payment', p.id::text
          from ringup.payment_transactions p
        union all
        select i.vendor_id, p.order_id, 'reconciliation_item', i.id::text
          from ringup.reconciliation_items i
          join ringup.payment_transactions p on p.vendor_id = i.vendor_id and p.id = i.payment_id
        union all
        select q.vendor_id, q.order_id, 'loyalty_reconciliation_queue', q.id::text
          from ringup.loyalty_reconciliation_queue q) as r
  join ringup.audit_log a on a.vendor_id = r.vendor_id and a.row_type = r.row_type and a.row_id = r.row_id;
