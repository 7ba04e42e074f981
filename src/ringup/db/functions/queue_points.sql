-- queue_points(order, problem) → nothing
--
-- Why      The sale stands and its points do not: they wait, with their amounts and the reason, for a retry or a
--          person. What the customer redeemed stays set aside until then, so that nobody can spend it a second time.
-- Writes   loyalty_reconciliation_queue (at most one row), edge_function_logs (two).
-- Locks    Nothing; the caller holds the order.
-- Repeats  Safe: an order waits at most once.
-- Raises   Nothing.
create or replace function ringup.queue_points(p_order ringup.orders, p_problem text)
returns void
language plpgsql
as $$
declare
    v_problem text := left(p_problem, 500);
    v_item_id uuid := ringup.new_id();
    v_context jsonb;
begin
    insert into ringup.loyalty_reconciliation_queue (
        vendor_id, id, customer_id, order_id, points_earned, points_redeemed, points_held, error_message,
        next_retry_at, created_at)
    values (
        p_order.vendor_id, v_item_id, p_order.customer_id, p_order.id, p_order.points_to_earn, p_order.points_redeemed,
        case when ringup.points_recorded(p_order.vendor_id, p_order.id, 'spent') = 0
             then p_order.points_redeemed else 0 end,
        v_problem, ringup.now() + ringup.points_retry_delay(0), ringup.now())
    on conflict (vendor_id, order_id) where not resolved do nothing;

    v_context := jsonb_build_object(
        'customerId', p_order.customer_id, 'orderId', p_order.id, 'pointsEarned', p_order.points_to_earn,
        'pointsRedeemed', p_order.points_redeemed, 'queueItemId', v_item_id);
    perform ringup.write_log(p_order.vendor_id, 'complete_checkout', 'error',
                             format('Loyalty points update failed: %s', v_problem), v_context, p_order.request_id);
    perform ringup.write_log(p_order.vendor_id, 'complete_checkout', 'warning',
                             'Loyalty points failure logged to reconciliation queue', v_context, p_order.request_id);
end
$$;
