-- return_points(vendor, order, refund, line numbers, quantities) → the points that went, and those that came back
--
-- Why      A refund's half of the points, in the refund's transaction. Points that the order was paid with come back
--          first, into their lots. Then what the order earned is reversed: the recorded grant, pro rata for each line,
--          never today's rule. What the policy did not let go the first time is caught up with by the next return of
--          the order, so that parts in any order end where the whole does. Points that were never recorded are not
--          reversed; what waits in the queue becomes less.
-- Writes   loyalty_returns, customers, loyalty_transactions, loyalty_lots, loyalty_lot_entries,
--          loyalty_reconciliation_queue.
-- Locks    order → customer, or whom the customer was merged into.
-- Repeats  Safe: for the same refund it changes nothing and answers the same.
-- Raises   RU114 points_already_recorded; and what lock_order and check_returned_lines raise
create or replace function ringup.return_points(
    p_vendor_id uuid, p_order_id uuid, p_refund_id uuid, p_line_numbers integer[], p_quantities bigint[],
    out points_reversed integer, out points_given_back integer
)
returns record
language plpgsql
as $$
declare
    v_order    ringup.orders := ringup.lock_order(p_vendor_id, p_order_id);
    v_earned   integer := ringup.points_recorded(p_vendor_id, p_order_id, 'earned');
    v_spent    integer := -ringup.points_recorded(p_vendor_id, p_order_id, 'spent');
    v_customer ringup.customers;
    v_back     record;
    v_due      record;
begin
    if exists (select from ringup.loyalty_returns r
                where r.vendor_id = p_vendor_id and r.order_id = p_order_id and r.refund_id = p_refund_id) then
        perform ringup.check_same_return(p_vendor_id, p_order_id, p_refund_id, p_line_numbers, p_quantities);
        select r.points_reversed, r.points_given_back into points_reversed, points_given_back
          from ringup.points_returned(p_vendor_id, p_order_id, p_refund_id) as r;
        return;
    end if;
    perform ringup.check_returned_lines(v_order, p_line_numbers, p_quantities);
    points_reversed := 0;
    points_given_back := 0;
    if v_order.customer_id is null then
        return;
    end if;

    v_customer := ringup.lock_survivor(p_vendor_id, v_order.customer_id);
    perform ringup.write_returns(v_order, p_refund_id, p_line_numbers, p_quantities);
    v_back := ringup.points_returned(p_vendor_id, p_order_id);
    v_due := ringup.points_due_back(v_order);
    if v_spent > 0 then
        points_given_back := greatest(
            v_due.given_back - greatest(v_due.redeemed - v_spent, 0) - v_back.points_given_back, 0);
    end if;
    if points_given_back > 0 then
        perform ringup.give_back_points(
            p_vendor_id, v_customer.id, p_order_id, points_given_back, 'refund', p_refund_id::text,
            format('Return of order %s: %s points given back', v_order.order_number, points_given_back));
        v_customer := ringup.lock_points(p_vendor_id, v_customer.id);
    end if;
    if v_earned > 0 then
        points_reversed := ringup.reverse_points(v_customer, v_order, p_refund_id, greatest(
            v_due.reversed - greatest(v_due.earned - v_earned, 0) - v_back.points_reversed, 0));
    end if;
    perform ringup.lessen_queued_points(
        v_order, v_customer.id,
        case when v_earned > 0 then 0 when v_due.earned > 0 then v_due.earned - v_due.reversed end,
        case when v_spent > 0 then 0 when v_due.redeemed > 0 then v_due.redeemed - v_due.given_back end);
end
$$;
