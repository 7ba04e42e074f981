-- write_gift_card_lines(vendor, order, gift cards) → how many of the lines sell a gift card
--
-- Why      A line that names a gift card sells it: the card is loaded with what is paid for the line, when the sale
--          completes and not before.
-- Writes   order_items (gift_card_id).
-- Locks    Nothing beyond its own rows: no card is ever deleted.
-- Repeats  Not idempotent; called once, with the order's creation.
-- Raises   RU060 gift_card_not_found, and what check_gift_card raises
create or replace function ringup.write_gift_card_lines(p_vendor_id uuid, p_order_id uuid, p_gift_cards uuid[])
returns integer
language plpgsql
as $$
declare
    v_card  ringup.stored_value_accounts;
    v_count integer := 0;
begin
    for n in 1 .. coalesce(cardinality(p_gift_cards), 0) loop
        continue when p_gift_cards[n] is null;
        select * into v_card
          from ringup.stored_value_accounts a
         where a.vendor_id = p_vendor_id and a.id = p_gift_cards[n] and a.kind = 'gift_card';
        if not found then
            raise exception using errcode = 'RU060', message = format('gift card %s does not exist', p_gift_cards[n]);
        end if;
        perform ringup.check_gift_card(v_card);
        update ringup.order_items i
           set gift_card_id = v_card.id
         where i.vendor_id = p_vendor_id and i.order_id = p_order_id and i.line_number = n;
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
