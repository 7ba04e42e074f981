-- add_tenders(vendor, order, key, …) → whether they were added, whether the caller is to go on, and what to do next
--
-- Why      A card paid a part, and the rest is paid another way: by tenders that are exactly what is left, planned like
--          those of a cart. Cash is rounded again, for what is left is another amount; the total moves with it.
-- Writes   tender_requests, payment_transactions, orders, order_events, stored_value_accounts. Nothing at all when it
--          raises.
-- Locks    order → key → customer → stored value.
-- Repeats  Safe: the same key adds nothing more and hands over the work when nobody is driving it any more.
-- Raises   RU001 checkout_not_found · RU201 idempotency_key_reused, and what check_tender_wanted, find_own_value,
--          plan_tenders and hold_stored_value raise
create or replace function ringup.add_tenders(
    p_vendor_id uuid, p_order_id uuid, p_key text, p_request_hash bytea,
    p_types text[], p_processors uuid[], p_amounts bigint[], p_tendered bigint[], p_references text[],
    p_gift_cards uuid[], p_reasons text[], p_hold_seconds integer, p_lease_seconds integer
)
returns table (
    made boolean, yours boolean, checkout_id uuid, step text, payment_id uuid, processor_id uuid,
    status text, response_status integer, response_body jsonb
)
language plpgsql security definer set search_path = ''
as $$
declare
    v_now     constant timestamptz := ringup.now();
    v_lease   constant timestamptz := v_now + make_interval(secs => p_lease_seconds);
    v_order   ringup.orders;
    v_made    boolean;
    v_free    boolean;
    v_cash    record;
    v_last    integer;
    v_tip     bigint;
    v_tenders ringup.planned_tender[];
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_order := ringup.lock_order(p_vendor_id, p_order_id);
    v_made := ringup.begin_tender_request(p_vendor_id, p_order_id, p_key, p_request_hash);
    v_free := v_order.status in ('pending_payment', 'payment_processing', 'payment_authorized')
              and coalesce(v_order.lease_until <= v_now, true);
    if v_made then
        perform ringup.check_tender_wanted(v_order);
        v_free := true;
        select max(p.tender_number),
               v_order.tip_minor - coalesce(sum(p.tip_minor) filter (where p.status in ('approved', 'created')), 0)
          into v_last, v_tip
          from ringup.payment_transactions p
         where p.vendor_id = p_vendor_id and p.order_id = p_order_id and p.kind = 'charge';
        v_cash := ringup.plan_cash(p_vendor_id, v_order.due_minor, p_types, p_amounts);
        v_tenders := ringup.plan_tenders(
            p_vendor_id, v_order.location_id, v_order.due_minor + v_cash.rounding_minor, v_tip, p_types, p_processors,
            v_cash.amounts, p_tendered, p_references,
            ringup.find_own_value(p_vendor_id, v_order.customer_id, p_types, p_gift_cards), p_reasons);
        update ringup.orders o
           set due_minor = 0, cash_rounding_minor = o.cash_rounding_minor + v_cash.rounding_minor,
               total_minor = o.total_minor + v_cash.rounding_minor,
               stored_value_count = o.stored_value_count
                                    + ringup.hold_stored_value(p_vendor_id, v_order.currency, v_tenders)
         where o.vendor_id = p_vendor_id and o.id = p_order_id;
        perform ringup.write_tenders(
            p_vendor_id, p_order_id, v_order.register_session_id, v_order.currency, v_tenders, v_last);
        perform ringup.advance_order(
            p_vendor_id, p_order_id, 'tender_added',
            jsonb_build_object('tender', v_last + 1, 'due_minor', v_order.due_minor, 'types', p_types),
            v_lease, v_now + make_interval(secs => p_hold_seconds));
    elsif v_free then
        update ringup.orders o
           set lease_until = v_lease
         where o.vendor_id = p_vendor_id and o.id = p_order_id and o.due_minor = 0;
    end if;
    return query
        select v_made, v_free, p_order_id, s.step, s.payment_id, s.processor_id, v_order.status,
               null::integer, null::jsonb
          from ringup.next_step(p_vendor_id, p_order_id) as s;
end
$$;
