-- The ledger of gift cards and store credit.
create view ringup.stored_value_history as
select t.vendor_id, t.id, t.account_id, t.entry_number, t.amount_minor, t.transaction_type, t.balance_before_minor,
       t.balance_after_minor, t.reference_type, t.reference_id, t.description, t.created_at
  from ringup.stored_value_transactions t;
