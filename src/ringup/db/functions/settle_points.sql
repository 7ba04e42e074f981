-- settle_points(order) → what became of the order's points, or null if it is nobody's
--
-- Why      The order's points, in the order's transaction. The money has moved, so a failure here may not undo
--          the sale: it is queued with its amounts and its error, for a retry or a person.
-- Writes   customers, loyalty_transactions; or loyalty_reconciliation_queue, edge_function_logs.
-- Locks    The customer row; the caller holds the order.
-- Repeats  Safe.
-- Raises   Nothing of its own.
create or replace function ringup.settle_points(p_order ringup.orders)
returns jsonb
language plpgsql
as $$
declare
    v_problem text := p_order.points_problem;
begin
    if p_order.customer_id is null then
        return null;
    end if;
    if v_problem is null and p_order.points_to_earn + p_order.points_redeemed > 0
       and not ringup.switch_is_on(p_order.vendor_id, 'loyalty_updates') then
        v_problem := 'loyalty updates are switched off';
    end if;
    if v_problem is null then
        begin
            perform ringup.record_points(p_order);
        exception when others then
            v_problem := sqlerrm;
        end;
    end if;
    if v_problem is not null then
        perform ringup.queue_points(p_order, v_problem);
    end if;
    return jsonb_build_object(
        'customer_id', p_order.customer_id, 'order_id', p_order.id, 'points_earned', p_order.points_to_earn,
        'points_redeemed', p_order.points_redeemed, 'problem', v_problem);
end
$$;
