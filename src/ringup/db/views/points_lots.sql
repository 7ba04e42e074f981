-- A customer's points by lot: where they came from, how many are left, from when they can be spent, when they expire.
create view ringup.points_lots as
select l.vendor_id, l.customer_id, l.id, l.points, l.remaining, l.available_at, l.expires_at,
       l.available_at > ringup.now() as is_pending, t.transaction_type, t.reference_type, t.reference_id, l.created_at
  from ringup.loyalty_lots l
  join ringup.loyalty_transactions t on t.vendor_id = l.vendor_id and t.id = l.transaction_id;
