-- I12: a session's running totals, what its drawer should hold and its Z report are what its rows say, also long after it
-- was closed; every tender belongs to the session of its order, or of its refund; and no closing is missing in a register's numbers.
create view ringup.audit_i12_sessions_add_up as
select s.vendor_id, 'register_session' as subject, s.id::text as subject_id,
       format('%s orders and %s in tenders are counted, and its rows say %s and %s', s.order_count, c.total,
              coalesce(q.orders_count, 0), coalesce(t.total, 0)) as problem
  from ringup.register_sessions s
 cross join lateral (
       select s.cash_minor + s.card_minor + s.external_minor + s.gift_card_minor + s.store_credit_minor
              + s.exchange_minor as total) as c
  left join ringup.session_sales q on q.vendor_id = s.vendor_id and q.register_session_id = s.id
  left join (select n.vendor_id, n.register_session_id, sum(n.sales_minor) as total,
                    jsonb_object_agg(n.tender_type, n.sales_minor) as by_type
               from ringup.session_tenders n
              group by n.vendor_id, n.register_session_id) as t
    on t.vendor_id = s.vendor_id and t.register_session_id = s.id
 where s.order_count <> coalesce(q.orders_count, 0) or c.total <> coalesce(t.total, 0)
    or s.cash_minor <> coalesce((t.by_type ->> 'cash')::bigint, 0)
    or s.card_minor <> coalesce((t.by_type ->> 'card')::bigint, 0)
    or s.external_minor <> coalesce((t.by_type ->> 'external')::bigint, 0)
    or s.gift_card_minor <> coalesce((t.by_type ->> 'gift_card')::bigint, 0)
    or s.store_credit_minor <> coalesce((t.by_type ->> 'store_credit')::bigint, 0)
    or s.exchange_minor <> coalesce((t.by_type ->> 'exchange')::bigint, 0)
union all
select s.vendor_id, 'register_session', s.id::text,
       format('closed with %s expected, and its rows say %s; counted %s, off by %s', s.expected_minor, c.expected_minor,
              s.counted_minor, s.variance_minor)
  from ringup.register_sessions s
  join ringup.session_cash c on c.vendor_id = s.vendor_id and c.register_session_id = s.id
 where s.closed_at is not null
   and (s.expected_minor is distinct from c.expected_minor
        or s.variance_minor is distinct from s.counted_minor - c.expected_minor)
union all
select s.vendor_id, 'register_session', s.id::text,
       case when z.register_session_id is null then 'closed without a Z report'
            when s.closed_at is null then 'open, and has a Z report'
            else format('its Z report says %s, and its rows say %s',
                        z.report #> '{cash,expected_minor}', t.cash -> 'expected_minor') end
  from ringup.register_sessions s
  join ringup.session_totals t on t.vendor_id = s.vendor_id and t.register_session_id = s.id
  left join ringup.z_reports z on z.vendor_id = s.vendor_id and z.register_session_id = s.id
 where (z.register_session_id is null and s.closed_at is not null
        and (s.kind = 'late' or exists (select from ringup.cash_counts k
                                         where k.vendor_id = s.vendor_id and k.register_session_id = s.id
                                           and k.count_number > 0)))
    or (z.register_session_id is not null
        and (s.closed_at is null or z.closure_number is distinct from s.closure_number
             or z.report -> 'sales' <> t.sales or z.report -> 'refunds' <> t.refunds
             or z.report -> 'tenders' <> t.tenders
             or not (z.report -> 'cash') @> t.cash
             or z.report #> '{cash,counted_minor}' <> coalesce(to_jsonb(s.counted_minor), 'null')))
union all
select k.vendor_id, 'cash_count', k.id::text,
       format('counted %s, and its coins and notes come to %s', k.counted_minor, l.total)
  from ringup.cash_counts k
 cross join lateral (select coalesce(sum(n.face_minor * n.quantity), 0) as total
                       from ringup.cash_count_lines n
                      where n.vendor_id = k.vendor_id and n.count_id = k.id) as l
 where k.counted_minor <> l.total
union all
select p.vendor_id, 'payment', p.id::text, 'belongs to another session than its order'
  from ringup.payment_transactions p
  join ringup.orders o on o.vendor_id = p.vendor_id and o.id = p.order_id
 where p.kind = 'charge' and p.register_session_id is distinct from o.register_session_id
union all
select p.vendor_id, 'payment', p.id::text, 'belongs to another session than its refund'
  from ringup.payment_transactions p
  join ringup.refunds r on r.vendor_id = p.vendor_id and r.id = p.refund_id
 where p.kind = 'refund' and p.status = 'approved'
   and p.register_session_id is distinct from case when r.status = 'completed' then r.register_session_id end
   and not exists (select from ringup.reconciliation_items i
                    where i.vendor_id = p.vendor_id and i.payment_id = p.id and i.kind = 'refunded_twice')
union all
select r.vendor_id, 'register', r.id::text,
       format('%s closings are counted, and there are %s, the last with number %s', r.last_closure_number, count(s.id),
              max(s.closure_number))
  from ringup.registers r
  left join ringup.register_sessions s on s.vendor_id = r.vendor_id and s.register_id = r.id and s.closed_at is not null
 group by r.vendor_id, r.id, r.last_closure_number
having r.last_closure_number <> count(s.id) or r.last_closure_number <> coalesce(max(s.closure_number), 0);
