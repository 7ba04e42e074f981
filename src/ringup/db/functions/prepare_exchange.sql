-- prepare_exchange(vendor, order, key, …, returned goods) → whether it was made, the new order's id, and what to do next
--
-- Why      The first step of an exchange, one transaction: what comes back and what it is worth, and the new sale with
--          everything that it sets aside. What comes back pays the new sale, as far as it goes; p_tender_… pay the
--          rest of it, and what is over goes back by the rules of refunds. Nothing is sold and nothing is back until
--          complete_checkout does both at once. p_returned names the earlier sale, its lines and the reason.
-- Writes   What prepare_checkout writes; refunds, refund_lines, refund_line_taxes, payment_transactions.
-- Locks    The earlier order, then approvals, and then what prepare_checkout locks; the session last.
-- Repeats  Safe: the same key and request answers as prepare_checkout does.
-- Raises   RU001 checkout_not_found · RU208 reason_missing; and what begin_exchange and prepare_checkout raise
create or replace function ringup.prepare_exchange(
    p_vendor_id uuid, p_order_id uuid, p_idempotency_key text, p_request_hash bytea,
    p_location_id uuid, p_register_id uuid, p_customer_id uuid, p_currency text,
    p_line_skus text[], p_line_product_ids uuid[], p_line_quantities bigint[],
    p_line_discounts bigint[], p_line_prices bigint[],
    p_tender_types text[], p_tender_processors uuid[], p_tender_amounts bigint[],
    p_tender_tendered bigint[], p_tender_references text[],
    p_redeem_points integer, p_tip_minor bigint, p_metadata jsonb, p_request_id text,
    p_hold_seconds integer, p_lease_seconds integer, p_terms ringup.price_terms, p_tender_gift_cards uuid[],
    p_line_gift_cards uuid[], p_tender_reasons text[], p_returned ringup.returned_goods
)
returns table (
    made boolean, yours boolean, checkout_id uuid, step text, payment_id uuid, processor_id uuid,
    status text, response_status integer, response_body jsonb
)
language plpgsql security definer set search_path = ''
as $$
declare
    v_returned ringup.orders;
    v_refund   ringup.refunds;
    v_due      bigint;
    v_credit   bigint;
    v_add      integer;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(trim((p_returned).reason), '') = '' then
        raise exception using errcode = 'RU208', message = 'an exchange needs a reason';
    end if;
    -- Two requests with one key are about one earlier sale, so they stand in line here, before the key is looked up.
    v_returned := ringup.lock_order(p_vendor_id, (p_returned).order_id);
    if exists (select from ringup.idempotency_keys k where k.vendor_id = p_vendor_id and k.key = p_idempotency_key) then
        perform ringup.claim_key(p_vendor_id, p_idempotency_key, p_request_hash, p_order_id);
        return query select * from ringup.resume_checkout(p_vendor_id, p_idempotency_key, p_lease_seconds);
        return;
    end if;
    v_due := (ringup.total_cart(
        p_vendor_id, p_location_id, p_customer_id, p_line_skus, p_line_product_ids, p_line_quantities,
        p_line_discounts, p_line_prices, p_redeem_points, p_tip_minor, p_terms)).total_minor;
    v_refund := ringup.begin_exchange(
        v_returned, p_order_id, p_register_id, p_request_hash, p_request_id, v_due, p_terms, p_returned);
    v_credit := ringup.exchange_credit(p_vendor_id, v_refund.id);
    v_add := case when v_credit > 0 then 1 else 0 end;
    perform from ringup.prepare_checkout(
        p_vendor_id, p_order_id, p_idempotency_key, p_request_hash, p_location_id, p_register_id, p_customer_id,
        p_currency, p_line_skus, p_line_product_ids, p_line_quantities, p_line_discounts, p_line_prices,
        p_tender_types || array_fill('exchange'::text, array[v_add]),
        p_tender_processors || array_fill(null::uuid, array[v_add]),
        p_tender_amounts || array_fill(v_credit, array[v_add]),
        p_tender_tendered || array_fill(null::bigint, array[v_add]),
        p_tender_references || array_fill(null::text, array[v_add]),
        p_redeem_points, p_tip_minor, p_metadata, p_request_id, p_hold_seconds, p_lease_seconds, p_terms,
        p_tender_gift_cards, p_line_gift_cards, p_tender_reasons);
    update ringup.orders o
       set exchange_refund_id = v_refund.id
     where o.vendor_id = p_vendor_id and o.id = p_order_id;
    perform ringup.check_refund_session(v_refund);
    return query
        select true, true, p_order_id, s.step, s.payment_id, s.processor_id, 'pending_payment', null::integer, null::jsonb
          from ringup.next_step(p_vendor_id, p_order_id) as s;
end
$$;
