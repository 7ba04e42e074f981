-- What waits for a person, oldest first.
create view ringup.open_items as
select i.vendor_id, i.id, i.kind, i.payment_processor_id, i.payment_id, i.reference_id, i.amount_minor, i.detail,
       i.created_at
  from ringup.reconciliation_items i
 where i.resolved_at is null;
