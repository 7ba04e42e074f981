-- points_recorded(vendor, order, type) → the points the ledger holds for this order, 0 if none
--
-- Why      An order spends once and earns once; the ledger's row is the proof.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the customer or the order.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.points_recorded(p_vendor_id uuid, p_order_id uuid, p_type text)
returns integer
language plpgsql
as $$
begin
    return (
    select coalesce((
        select t.points
          from ringup.loyalty_transactions t
         where t.vendor_id = p_vendor_id and t.reference_id = p_order_id::text
           and t.reference_type = 'order' and t.transaction_type = p_type
           and t.transaction_type in ('earned', 'spent')), 0)
    );
end
$$;
