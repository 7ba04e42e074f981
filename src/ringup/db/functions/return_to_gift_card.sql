-- return_to_gift_card(vendor, card, amount, payment, description) → the balance after
--
-- Why      A refund goes back to the gift card that paid, or to another. It belongs to one payment of kind refund, and
--          is given once. A card nobody could spend it from is refused by name.
-- Writes   stored_value_accounts, stored_value_transactions.
-- Locks    The card; the caller holds the order.
-- Repeats  Safe: the same payment again changes nothing, and answers the balance after the first time.
-- Raises   RU060 gift_card_not_found, and what check_gift_card and return_value raise
create or replace function ringup.return_to_gift_card(
    p_vendor_id uuid, p_card_id uuid, p_amount_minor bigint, p_payment_id uuid, p_description text
)
returns bigint
language plpgsql
as $$
declare
    v_card ringup.stored_value_accounts := ringup.lock_stored_value(p_vendor_id, p_card_id);
begin
    if v_card.kind <> 'gift_card' then
        raise exception using errcode = 'RU060', message = format('gift card %s does not exist', p_card_id);
    end if;
    if (ringup.find_value_entry(p_vendor_id, 'payment', p_payment_id::text)).id is null then
        perform ringup.check_gift_card(v_card);
    end if;
    return ringup.return_value(p_vendor_id, p_card_id, p_amount_minor, p_payment_id, p_description);
end
$$;
