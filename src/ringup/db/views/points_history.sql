-- A customer's points, entry by entry.
create view ringup.points_history as
select t.vendor_id, t.customer_id, t.entry_number, t.id, t.points, t.transaction_type, t.balance_before,
       t.balance_after, t.reference_type, t.reference_id, t.description, t.created_at
  from ringup.loyalty_transactions t;
