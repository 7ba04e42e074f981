-- settle_stored_value(order, what becomes of it) → nothing
--
-- Why      What the order held on gift cards and store credit is 'spent' with the sale, or 'released'. A card that the
--          sale sold is loaded with what was paid for its line. Nothing refuses here: a card that was disabled or
--          expired since pays what was set aside on it, and one that was sold is worth its money.
-- Writes   stored_value_accounts; stored_value_transactions, when it is spent.
-- Locks    The accounts, by id; the caller holds the order.
-- Repeats  Not idempotent; the caller turns orders.holds.
-- Raises   Nothing.
create or replace function ringup.settle_stored_value(p_order ringup.orders, p_status text)
returns void
language plpgsql
as $$
declare
    v_move record;
begin
    -- Most sales have none, and are asked nothing more.
    if p_order.stored_value_count = 0 then
        return;
    end if;
    for v_move in
        select p.stored_value_id as account_id, -p.amount_minor as amount_minor, 'spent' as does, 'payment' as about,
               p.id::text as reference, p.tender_number as number
          from ringup.payment_transactions p
         where p.vendor_id = p_order.vendor_id and p.order_id = p_order.id and p.kind = 'charge'
           and p.stored_value_id is not null
        union all
        select i.gift_card_id, i.total_minor - i.points_value_minor, 'loaded', 'order_line',
               p_order.id || ':' || i.line_number, i.line_number
          from ringup.order_items i
         where p_status = 'spent' and i.vendor_id = p_order.vendor_id and i.order_id = p_order.id
           and i.gift_card_id is not null and i.total_minor > i.points_value_minor
         order by account_id, does, number
    loop
        if p_status = 'spent' then
            perform ringup.write_stored_value(
                p_order.vendor_id, v_move.account_id, v_move.amount_minor, v_move.does, v_move.about, v_move.reference,
                format('Order %s', p_order.order_number), case v_move.does when 'spent' then v_move.amount_minor else 0 end);
        else
            update ringup.stored_value_accounts a
               set held_minor = a.held_minor + v_move.amount_minor, updated_at = ringup.now()
             where a.vendor_id = p_order.vendor_id and a.id = v_move.account_id;
        end if;
    end loop;
end
$$;
