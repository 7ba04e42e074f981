-- write_refund_payment(refund, charge, amount, tender type, external reference) → nothing
--
-- Why      An attempt to pay back, and its reference, exist before anybody is asked. What goes back to a card goes
--          through the terminal that charged it; what goes back in cash is rounded. A gift card that paid and could not
--          be spent any more is refused here, before anybody is asked.
-- Writes   payment_transactions (one 'created' row); stored_value_accounts, for a customer who had no store credit.
-- Locks    The caller holds the order; the customer then, shared, or the gift card.
-- Repeats  Not idempotent; an index refuses a second attempt beside one that is not over.
-- Raises   RU250 tender_not_refundable · RU202 tenders_do_not_add_up · RU261 store_credit_needs_customer; and what
--          check_gift_card raises
create or replace function ringup.write_refund_payment(
    p_refund ringup.refunds, p_charge_id uuid, p_amount_minor bigint, p_tender_type text, p_external_reference text
)
returns void
language plpgsql
as $$
declare
    v_id     uuid := ringup.new_id();
    v_charge ringup.payment_transactions;
    v_amount bigint := p_amount_minor;
    v_account uuid;
begin
    select * into v_charge from ringup.payment_transactions c
     where c.vendor_id = p_refund.vendor_id and c.id = p_charge_id;
    perform ringup.check_refund_tender(v_charge.tender_type, p_tender_type);
    if p_tender_type = 'external' and coalesce(trim(p_external_reference), '') = '' then
        raise exception using errcode = 'RU202',
            message = 'what was paid back elsewhere needs the reference of it',
            detail = json_build_object('tender', p_tender_type)::text;
    elsif p_tender_type = 'cash' then
        v_amount := ringup.cash_to_give_back(
            p_refund.vendor_id, p_amount_minor, ringup.refund_rounding(p_refund.vendor_id, p_refund.order_id));
    end if;
    if p_tender_type = 'gift_card' then
        v_account := v_charge.stored_value_id;
        perform ringup.check_gift_card(ringup.lock_stored_value(p_refund.vendor_id, v_account));
    elsif p_tender_type = 'store_credit' then
        v_account := ringup.open_store_credit(p_refund.vendor_id, ringup.refund_customer(p_refund));
    end if;
    insert into ringup.payment_transactions (
        vendor_id, id, order_id, payment_processor_id, kind, tender_number, tender_type, status, amount_minor,
        rounding_minor, currency, reference_id, external_reference, refund_id, refunds_payment_id,
        stored_value_id, created_at, updated_at)
    values (
        p_refund.vendor_id, v_id, p_refund.order_id,
        case when p_tender_type = 'card' then v_charge.payment_processor_id end,
        'refund', v_charge.tender_number, p_tender_type, 'created', v_amount, v_amount - p_amount_minor,
        p_refund.currency, replace(v_id::text, '-', ''),
        case when p_tender_type = 'external' then p_external_reference end,
        p_refund.id, v_charge.id, v_account, ringup.now(), ringup.now());
end
$$;
