-- Orders that have not ended, with what they wait for.
create view ringup.limbo as
select o.vendor_id, o.id as order_id, o.order_number, o.status, o.payment_status, o.created_at, o.hold_until,
       p.id as payment_id, p.payment_processor_id, p.status as tender_status, p.reference_id, p.amount_minor,
       p.error_code, p.error_message, p.check_count, p.next_check_at
  from ringup.orders o
  left join ringup.payment_transactions p
    on p.vendor_id = o.vendor_id and p.order_id = o.id and p.status in ('processing', 'unknown', 'voiding')
 where o.status in ('pending_payment', 'payment_processing', 'payment_authorized')
    or o.payment_status in ('unknown', 'voiding');
