-- move_points(customer to keep, duplicate, reason) → nothing
--
-- Why      The ledger's half of a merge. Every lot moves, also the empty ones: points that were spent from them may
--          come back. Where one of the two was below zero, the other's points pay for it.
-- Writes   customers, loyalty_transactions (two rows), loyalty_lots, loyalty_lot_entries.
-- Locks    Nothing; the caller holds both customers.
-- Repeats  Not idempotent; a unique index of loyalty_transactions says once.
-- Raises   What write_points raises.
create or replace function ringup.move_points(p_keep ringup.customers, p_duplicate ringup.customers, p_reason text)
returns void
language plpgsql
as $$
declare
    v_points integer := p_duplicate.loyalty_points;
    v_row    record;
begin
    update ringup.loyalty_lots l
       set customer_id = p_keep.id
     where l.vendor_id = p_keep.vendor_id and l.customer_id = p_duplicate.id;
    if v_points = 0 then
        return;
    end if;
    perform ringup.write_points(p_keep.vendor_id, p_duplicate.id, -v_points, 'adjusted', 'merge',
                                p_duplicate.id::text, p_reason);
    v_row := ringup.write_points(p_keep.vendor_id, p_keep.id, v_points, 'adjusted', 'merge',
                                 p_duplicate.id::text, p_reason, p_may_overdraw => v_points < 0);
    perform ringup.take_from_lots(
        p_keep.vendor_id, p_keep.id, v_row.transaction_id,
        greatest(v_row.balance_before, 0) + greatest(v_points, 0) - greatest(v_row.balance_after, 0));
end
$$;
