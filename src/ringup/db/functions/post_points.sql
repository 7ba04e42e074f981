-- post_points(vendor, customer, points, type, …) → the ledger row's id and the balance after
--
-- Why      Points that come make a lot, with the time from which they can be spent (null: now) and the one at which
--          they expire (null: never). Points that go leave the lots that expire first. Where the balance was below
--          zero, what comes pays that first.
-- Writes   customers, loyalty_transactions, loyalty_lots, loyalty_lot_entries.
-- Locks    The customer row.
-- Repeats  As write_points.
-- Raises   What write_points and take_from_lots raise.
create or replace function ringup.post_points(
    p_vendor_id uuid, p_customer_id uuid, p_points integer, p_type text, p_reference_type text, p_reference_id text,
    p_description text, p_expires_at timestamptz default null, p_available_at timestamptz default null,
    p_held_change integer default 0, p_may_overdraw boolean default false,
    out transaction_id uuid, out balance_after integer
)
returns record
language plpgsql
as $$
declare
    v_row record;
begin
    v_row := ringup.write_points(p_vendor_id, p_customer_id, p_points, p_type, p_reference_type, p_reference_id,
                                 p_description, p_held_change, p_may_overdraw);
    if p_points > 0 then
        perform ringup.add_lot(p_vendor_id, p_customer_id, v_row.transaction_id, p_points,
                               least(p_points, greatest(-v_row.balance_before, 0)), p_expires_at, p_available_at);
    else
        perform ringup.take_from_lots(p_vendor_id, p_customer_id, v_row.transaction_id,
                                      greatest(v_row.balance_before, 0) - greatest(v_row.balance_after, 0));
    end if;
    transaction_id := v_row.transaction_id;
    balance_after := v_row.balance_after;
end
$$;
