-- Every tender of every sale, with its terminal and its order: what people look a payment up in.
create view ringup.payment_list as
select p.vendor_id, p.id, p.order_id, o.order_number, o.status as order_status, p.payment_processor_id,
       t.processor_name, p.kind, p.tender_type, p.status, p.capture_status, p.amount_minor, p.approved_minor,
       p.currency, p.reference_id, p.auth_code, p.card_brand, p.card_last4, p.error_message, p.check_count,
       p.created_at, p.settled_at
  from ringup.payment_transactions p
  join ringup.orders o on o.vendor_id = p.vendor_id and o.id = p.order_id
  left join ringup.payment_processors t on t.vendor_id = p.vendor_id and t.id = p.payment_processor_id;
