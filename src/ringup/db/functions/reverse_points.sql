-- reverse_points(customer, order, refund, points) → how many points went
--
-- Why      What the order's grant gave goes back, as far as its programme's policy lets it: from the order's own lot
--          first, then from those that expire first. A new ledger row; nothing that was written changes.
-- Writes   customers, loyalty_transactions, loyalty_lots, loyalty_lot_entries.
-- Locks    Nothing; the caller holds the customer, after what is due has expired.
-- Repeats  Not idempotent; the caller knows what was reversed before.
-- Raises   What write_points and take_from_lots raise.
create or replace function ringup.reverse_points(
    p_customer ringup.customers, p_order ringup.orders, p_refund_id uuid, p_points integer
)
returns integer
language plpgsql
as $$
declare
    v_points integer := ringup.reversible_points(p_customer, p_order, p_points);
    v_row    record;
begin
    if v_points <= 0 then
        return 0;
    end if;
    v_row := ringup.write_points(
        p_order.vendor_id, p_customer.id, -v_points, 'reversed', 'refund', p_refund_id::text,
        format('Return of order %s: %s points reversed', p_order.order_number, v_points), 
        p_may_overdraw => coalesce(
            (ringup.programme_at(p_order.vendor_id, p_order.completed_at)).may_go_negative, false));
    perform ringup.take_from_lots(
        p_order.vendor_id, p_customer.id, v_row.transaction_id,
        greatest(v_row.balance_before, 0) - greatest(v_row.balance_after, 0),
        (select t.id from ringup.loyalty_transactions t
          where t.vendor_id = p_order.vendor_id and t.reference_type = 'order'
            and t.reference_id = p_order.id::text and t.transaction_type = 'earned'));
    return v_points;
end
$$;
