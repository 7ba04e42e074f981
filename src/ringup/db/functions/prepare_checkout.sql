-- prepare_checkout(vendor, order, key, …) → whether it was made, the order's id, and what to do next
--
-- Why      Step 1 of a checkout. Whatever could refuse the sale refuses it here, before anybody is
--          charged: price, points, stock, session, terminal, tenders. p_hold_seconds is how long the
--          holds last at least; p_lease_seconds how long the caller may be silent before
--          recovery takes over. p_accept_partial: a card that is approved for less keeps the sale open (add_tenders).
-- Writes   idempotency_keys, customers, inventory and its movements, order_counters, orders, order_items,
--          payment_transactions, order_events, loyalty_campaign_grants, approvals, audit_log, coupons,
--          stored_value_accounts, and what write_prices writes. Nothing at all when it raises.
-- Locks    The idempotency key, then approvals → coupons → customer → stored value → inventory → order counter.
-- Repeats  Safe: the same key and request answers made = false with the order it made the first time,
--          and hands over the work when nobody is driving it any more (yours = true).
-- Raises   RU003 location_not_found · RU004 register_not_found · RU005 customer_not_found · RU104 session_closed
--          · RU110 customer_inactive · RU201 idempotency_key_reused · RU203 currency_mismatch · RU204 amount_out_of_range
--          and what total_cart, permit_sale, permit_gift_cards, hold_coupons, hold_points, plan_tenders, check_exchange_credit, find_own_value,
--          hold_stored_value, hold_stock and write_gift_card_lines raise
create or replace function ringup.prepare_checkout(
    p_vendor_id uuid, p_order_id uuid, p_idempotency_key text, p_request_hash bytea,
    p_location_id uuid, p_register_id uuid, p_customer_id uuid, p_currency text,
    p_line_skus text[], p_line_product_ids uuid[], p_line_quantities bigint[],
    p_line_discounts bigint[], p_line_prices bigint[],
    p_tender_types text[], p_tender_processors uuid[], p_tender_amounts bigint[],
    p_tender_tendered bigint[], p_tender_references text[],
    p_redeem_points integer, p_tip_minor bigint, p_metadata jsonb, p_request_id text,
    p_hold_seconds integer, p_lease_seconds integer,
    p_terms ringup.price_terms default null, p_tender_gift_cards uuid[] default null,
    p_line_gift_cards uuid[] default null, p_tender_reasons text[] default null,
    p_accept_partial boolean default false
)
returns table (
    made boolean, yours boolean, checkout_id uuid, step text, payment_id uuid, processor_id uuid,
    status text, response_status integer, response_body jsonb
)
language plpgsql security definer set search_path = ''
as $$
declare
    v_place        record;
    v_cart         ringup.priced_cart;
    v_lines        ringup.priced_line[];
    v_tenders      ringup.planned_tender[];
    v_promise      ringup.points_promise;
    v_cash         record;
    v_own          uuid[];
    v_held         integer;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if not ringup.claim_key(p_vendor_id, p_idempotency_key, p_request_hash, p_order_id) then
        return query select * from ringup.resume_checkout(p_vendor_id, p_idempotency_key, p_lease_seconds);
        return;
    end if;

    v_place := ringup.check_place(p_vendor_id, p_location_id, p_register_id, p_customer_id, p_currency);
    v_cart := ringup.total_cart(
        p_vendor_id, p_location_id, p_customer_id, p_line_skus, p_line_product_ids, p_line_quantities,
        p_line_discounts, p_line_prices, p_redeem_points, p_tip_minor, p_terms);
    v_lines := v_cart.lines;
    perform ringup.permit_sale(p_vendor_id, v_cart, p_terms, p_order_id);
    perform ringup.permit_gift_cards(p_vendor_id, v_lines, p_line_gift_cards, p_terms, p_order_id);
    perform ringup.hold_coupons(p_vendor_id, p_customer_id, v_cart);
    if p_redeem_points > 0 then
        perform ringup.hold_points(p_vendor_id, p_customer_id, p_redeem_points);
    end if;
    if p_customer_id is not null then
        v_promise := ringup.promise_points(p_vendor_id, p_customer_id, v_lines, p_redeem_points);
        v_lines := v_promise.lines;
    end if;
    v_cash := ringup.plan_cash(p_vendor_id, v_cart.total_minor, p_tender_types, p_tender_amounts);
    v_cart.total_minor := v_cart.total_minor + v_cash.rounding_minor;
    perform ringup.check_exchange_credit(p_vendor_id, p_order_id, p_tender_types, p_tender_amounts);
    v_own := case when p_tender_types && array['gift_card', 'store_credit']
                  then ringup.find_own_value(p_vendor_id, p_customer_id, p_tender_types, p_tender_gift_cards) end;
    v_tenders := ringup.plan_tenders(
        p_vendor_id, p_location_id, v_cart.total_minor, p_tip_minor, p_tender_types, p_tender_processors,
        v_cash.amounts, p_tender_tendered, p_tender_references, v_own, p_tender_reasons);
    v_held := case when v_own is null then 0
                   else ringup.hold_stored_value(p_vendor_id, v_place.currency, v_tenders) end;
    perform ringup.hold_stock(p_vendor_id, p_location_id, p_order_id, v_lines);

    insert into ringup.orders (
        vendor_id, id, location_id, register_id, register_session_id, customer_id, order_number, status, currency,
        subtotal_minor, discount_minor, points_value_minor, tax_minor, tax_included_minor, tip_minor,
        cash_rounding_minor, total_minor, tax_rate_count, coupon_count, stored_value_count, tax_exemption_reason, tax_certificate_number,
        points_redeemed, points_to_earn, points_problem,
        holds, hold_until, idempotency_key, request_id, metadata, accepts_partial, lease_until, created_at, updated_at)
    values (
        p_vendor_id, p_order_id, p_location_id, p_register_id, v_place.session_id, p_customer_id,
        ringup.take_order_number(p_vendor_id, p_location_id), 'pending_payment', v_place.currency,
        v_cart.subtotal_minor, v_cart.discount_minor, v_cart.points_value_minor, v_cart.tax_minor,
        v_cart.tax_included_minor, p_tip_minor, v_cash.rounding_minor, v_cart.total_minor,
        v_cart.tax_rate_count, coalesce(cardinality(p_terms.coupon_codes), 0),
        v_held + coalesce(cardinality(array_remove(p_line_gift_cards, null)), 0), v_cart.tax_exemption_reason,
        v_cart.tax_certificate_number, p_redeem_points, coalesce(v_promise.points, 0), v_promise.problem,
        'held', ringup.now() + make_interval(secs => p_hold_seconds), p_idempotency_key, p_request_id, p_metadata,
        p_accept_partial, ringup.now() + make_interval(secs => p_lease_seconds), ringup.now(), ringup.now());
    perform ringup.write_lines(p_vendor_id, p_order_id, v_lines);
    perform ringup.write_gift_card_lines(p_vendor_id, p_order_id, p_line_gift_cards);
    perform ringup.write_prices(p_vendor_id, p_order_id, p_customer_id, v_cart, p_terms.staff_id);
    perform ringup.write_tenders(p_vendor_id, p_order_id, v_place.session_id, v_place.currency, v_tenders);
    if cardinality(v_promise.campaign_ids) > 0 then
        perform ringup.hold_campaigns(p_vendor_id, p_customer_id, p_order_id, v_promise);
    end if;
    return query
        select true, true, p_order_id, s.step, s.payment_id, s.processor_id, 'pending_payment', null::integer, null::jsonb
          from ringup.next_step(p_vendor_id, p_order_id) as s;
end
$$;
