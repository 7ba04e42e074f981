-- add_lot(vendor, customer, ledger row, points, debt, expires at, available at) → nothing
--
-- Why      Points that were granted together become spendable together and expire together. What pays for a
--          balance below zero (p_debt) is gone at birth, and has an entry that says so.
-- Writes   loyalty_lots (one row), loyalty_lot_entries (at most one).
-- Locks    Nothing; the caller holds the customer.
-- Repeats  Not idempotent; called once for each ledger row.
-- Raises   Nothing.
create or replace function ringup.add_lot(
    p_vendor_id uuid, p_customer_id uuid, p_transaction_id uuid, p_points integer, p_debt integer,
    p_expires_at timestamptz, p_available_at timestamptz
)
returns void
language plpgsql
as $$
declare
    v_lot_id uuid := ringup.new_id();
begin
    insert into ringup.loyalty_lots (
        vendor_id, id, customer_id, transaction_id, points, remaining, available_at, expires_at, created_at)
    values (
        p_vendor_id, v_lot_id, p_customer_id, p_transaction_id, p_points, p_points - p_debt,
        -- Whatever has expired has been available before: expiry need not look at points that are pending.
        least(coalesce(p_available_at, ringup.now()), p_expires_at), p_expires_at, ringup.now());
    if p_debt > 0 then
        insert into ringup.loyalty_lot_entries (vendor_id, transaction_id, lot_id, points, created_at)
        values (p_vendor_id, p_transaction_id, v_lot_id, -p_debt, ringup.now());
    end if;
end
$$;
