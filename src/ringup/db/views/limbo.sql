-- Sales that have not ended and payments that are not settled: why, since when, and what happens next and when.
-- kind is under_way (somebody is at it), in_doubt, going_back, to_capture, or waiting (for its till, or a worker).
create view ringup.limbo as
select w.vendor_id, w.id, w.kind, w.order_id, w.order_number, w.location_id, w.register_id, w.status, w.payment_status,
       w.currency, w.total_minor, w.created_at, w.hold_until, w.payment_id, w.payment_processor_id, t.processor_name,
       w.tender_status, w.reference_id, w.amount_minor, w.error_code, w.error_message, w.check_count, w.next_check_at,
       coalesce(w.error_message, s.means) as reason, w.since,
       floor(extract(epoch from ringup.now() - w.since))::bigint as age_seconds, w.next_step, w.next_at
  from (
        select o.vendor_id, p.id,
               case when p.status = 'voiding' then 'going_back'
                    when p.status = 'approved' and p.tip_change_id is null then 'to_capture'
                    when p.status = 'processing' and p.next_check_at > ringup.now() then 'under_way'
                    when p.status = 'approved' and t.status = 'processing' and p.next_check_at > ringup.now()
                        then 'under_way'
                    else 'in_doubt' end as kind,
               o.id as order_id, o.order_number, o.location_id, o.register_id, o.status, o.payment_status, o.currency,
               o.total_minor, o.created_at, o.hold_until, p.id as payment_id, p.payment_processor_id,
               p.status as tender_status, p.reference_id, p.amount_minor,
               coalesce(t.error_code, p.error_code) as error_code,
               coalesce(t.error_message, p.error_message) as error_message, p.check_count,
               p.next_check_at, coalesce(t.sent_at, p.sent_at, o.created_at) as since,
               case when p.status = 'voiding' then 'void' when p.tip_change_id is not null then 'tip'
                    when p.status = 'approved' then 'capture' else 'look_up' end as next_step,
               p.next_check_at as next_at, case when t.id is null then 'payment' else 'tip' end as machine,
               coalesce(t.status, p.status) as state
          from ringup.payment_transactions p
          join ringup.orders o on o.vendor_id = p.vendor_id and o.id = p.order_id
          left join ringup.tip_changes t on t.vendor_id = p.vendor_id and t.id = p.tip_change_id
         where p.next_check_at is not null
           and (p.status in ('processing', 'unknown', 'voiding') or p.tip_change_id is not null
                or (p.status = 'approved' and p.capture_status = 'pending' and p.check_count > 0))
        union all
        select o.vendor_id, o.id, case when o.lease_until > ringup.now() then 'under_way' else 'waiting' end,
               o.id, o.order_number, o.location_id, o.register_id, o.status, o.payment_status, o.currency,
               o.total_minor, o.created_at, o.hold_until, null, null, null, null, null, null, null, null, null,
               o.created_at, n.step,
               case n.step when 'expire' then greatest(o.hold_until, o.lease_until) else o.lease_until end,
               'order', o.status
          from ringup.orders o
         cross join lateral (
               select case when o.cancel_event is not null then 'cancel'
                           when o.due_minor > 0 then 'expire'
                           when exists (select from ringup.payment_transactions c
                                         where c.vendor_id = o.vendor_id and c.order_id = o.id
                                           and c.status = 'created' and c.tender_type = 'card') then 'expire'
                           -- Of an exchange, a card is to be paid back, or refused to be.
                           when exists (select from ringup.payment_transactions c
                                         where c.vendor_id = o.vendor_id and c.refund_id = o.exchange_refund_id
                                           and c.tender_type <> 'exchange'
                                         group by c.refunds_payment_id
                                        having bool_or(c.status = 'created' and c.tender_type = 'card')
                                               or bool_and(c.status in ('declined', 'error'))) then 'expire'
                           else 'complete' end as step) as n
         where o.status in ('pending_payment', 'payment_processing', 'payment_authorized')
           and not exists (select from ringup.payment_transactions p
                            where p.vendor_id = o.vendor_id
                              and (p.order_id = o.id or p.refund_id = o.exchange_refund_id)
                              and p.status in ('processing', 'unknown') and p.next_check_at is not null)) as w
  join ringup.states s on s.machine = w.machine and s.name = w.state
  left join ringup.payment_processors t on t.vendor_id = w.vendor_id and t.id = w.payment_processor_id;
