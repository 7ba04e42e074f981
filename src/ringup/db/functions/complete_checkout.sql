-- complete_checkout(vendor, order) → the order's status, what to do next, what became of its points, and its answer
--
-- Why      Step 3, one transaction: tenders become final, points and stock leave, the session's totals
--          move, the order is completed, its event is in the outbox and its answer is stored. Everything
--          was set aside before, so no business rule can refuse here.
-- Writes   payment_transactions, customers, loyalty_transactions, inventory, inventory_movements, register_sessions,
--          orders, order_events, idempotency_keys, loyalty_campaign_grants, coupon_uses,
--          stored_value_accounts, stored_value_transactions;
--          for an exchange what complete_exchange writes; loyalty_reconciliation_queue and edge_function_logs when the points fail.
-- Locks    order → for an exchange the earlier order and its refund → payments → customer → stored value → inventory → session.
-- Repeats  Safe: a completed order stays as it is.
-- Raises   RU001 checkout_not_found · RU101 transition_not_allowed · RU107 payment_in_doubt
create or replace function ringup.complete_checkout(p_vendor_id uuid, p_order_id uuid)
returns table (
    status text, step text, payment_id uuid, processor_id uuid, points jsonb,
    payment_status text, response_status integer, response_body jsonb
)
language plpgsql security definer set search_path = ''
as $$
declare
    v_order  ringup.orders;
    v_step   text;
    v_points jsonb;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_order := ringup.lock_order(p_vendor_id, p_order_id);
    if v_order.status not in ('completed', 'partially_refunded', 'refunded') then
        v_step := (select s.step from ringup.next_step(p_vendor_id, p_order_id) as s);
        if v_step = 'look_up' then
            raise exception using errcode = 'RU107',
                message = 'a payment of this checkout is in doubt; it must be found out first';
        elsif v_step <> 'complete' then
            raise exception using errcode = 'RU101',
                message = format('the checkout is %s; the next step is %s', v_order.status, v_step),
                detail = json_build_object('state', v_order.status)::text;
        end if;

        if v_order.exchange_refund_id is not null then
            perform ringup.complete_exchange(v_order);
        end if;
        if v_order.status <> 'payment_authorized' then
            perform ringup.advance_order(p_vendor_id, p_order_id, 'fully_paid');
        end if;
        perform ringup.accept_tenders(p_vendor_id, p_order_id);
        v_points := ringup.settle_points(v_order);
        perform ringup.settle_campaigns(v_order, 'granted');
        perform ringup.settle_coupons(v_order, 'used');
        perform ringup.want_tier_review(v_order);
        perform ringup.settle_stored_value(v_order, 'spent');
        perform ringup.settle_stock(p_vendor_id, p_order_id, 'sold');
        perform ringup.add_to_session(v_order);
        perform ringup.advance_order(
            p_vendor_id, p_order_id, 'completed',
            jsonb_build_object('order_number', v_order.order_number, 'total_minor', v_order.total_minor,
                               'currency', v_order.currency),
            p_points_earned => case when v_points ->> 'problem' is null then v_order.points_to_earn end);
        update ringup.idempotency_keys k
           set response_status = 201, response_body = ringup.checkout_document(p_vendor_id, p_order_id),
               completed_at = ringup.now()
         where k.vendor_id = p_vendor_id and k.key = v_order.idempotency_key and k.order_id = p_order_id;
    end if;
    return query
        select o.status, s.step, s.payment_id, s.processor_id, v_points,
               o.payment_status, k.response_status, k.response_body
          from ringup.next_step(p_vendor_id, p_order_id) as s, ringup.orders o
          left join ringup.idempotency_keys k
            on k.vendor_id = o.vendor_id and k.key = o.idempotency_key and k.order_id = o.id
         where o.vendor_id = p_vendor_id and o.id = p_order_id;
end
$$;
