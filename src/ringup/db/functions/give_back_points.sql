-- give_back_points(vendor, customer, order, points, reference type, reference id, description) → nothing
--
-- Why      Points that an order spent come back: a new ledger row, and the lots that they came from.
-- Writes   customers, loyalty_transactions, loyalty_lots, loyalty_lot_entries.
-- Locks    The customer row.
-- Repeats  Not idempotent; the caller knows what was given back before.
-- Raises   What write_points raises.
create or replace function ringup.give_back_points(
    p_vendor_id uuid, p_customer_id uuid, p_order_id uuid, p_points integer,
    p_reference_type text, p_reference_id text, p_description text
)
returns void
language plpgsql
as $$
declare
    v_row      record;
    v_restored integer;
begin
    v_row := ringup.write_points(p_vendor_id, p_customer_id, p_points, 'reversed', p_reference_type, p_reference_id,
                                 p_description);
    v_restored := greatest(v_row.balance_after, 0) - greatest(v_row.balance_before, 0);
    if v_restored > 0 then
        perform ringup.restore_lots(p_vendor_id, p_customer_id, p_order_id, v_row.transaction_id, v_restored);
    end if;
end
$$;
