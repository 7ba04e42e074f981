-- What waits for a person, and what was done about what waited.
create view ringup.reconciliation_queue as
select i.vendor_id, i.id, i.kind, case when i.resolved_at is null then 'open' else 'resolved' end as status,
       i.payment_processor_id, i.payment_id, p.order_id, i.reference_id, i.amount_minor, i.detail, i.created_at,
       floor(extract(epoch from coalesce(i.resolved_at, ringup.now()) - i.created_at))::bigint as age_seconds,
       i.resolved_at, i.resolved_by, i.resolution
  from ringup.reconciliation_items i
  left join ringup.payment_transactions p on p.vendor_id = i.vendor_id and p.id = i.payment_id;
