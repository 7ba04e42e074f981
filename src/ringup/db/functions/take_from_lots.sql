-- take_from_lots(vendor, customer, ledger row, points, first) → nothing
--
-- Why      Points leave the lots that expire first, and pending lots only when nothing else is left; p_first names the
--          ledger row whose lot goes before all others (a return takes back what the sale itself gave).
-- Writes   loyalty_lots, loyalty_lot_entries.
-- Locks    Nothing; the caller holds the customer, and so all of the customer's lots.
-- Repeats  Not idempotent; called once for each ledger row.
-- Raises   RU402 lots_do_not_add_up
create or replace function ringup.take_from_lots(
    p_vendor_id uuid, p_customer_id uuid, p_transaction_id uuid, p_points integer, p_first uuid default null
)
returns void
language plpgsql
as $$
declare
    v_now   timestamptz := ringup.now();
    v_rest  integer := p_points;
    v_taken integer;
    v_lot   record;
begin
    -- First the lot that was named, then what may be spent, then what is pending.
    for v_turn in case when p_first is null then 2 else 1 end .. 3 loop
        <<some_lots>>
        while v_rest > 0 loop
            -- Some at a time, so that the planner may take them in the order of their index and stop early.
            for v_lot in
                select l.id, l.remaining
                  from ringup.loyalty_lots l
                 where l.vendor_id = p_vendor_id and l.customer_id = p_customer_id and l.remaining > 0
                   and (v_turn > 1 or l.transaction_id = p_first)
                   and (v_turn = 1 or (l.available_at <= v_now) = (v_turn = 2))
                 order by l.expires_at, l.available_at, l.id
                 limit 50
            loop
                v_taken := least(v_lot.remaining, v_rest);
                update ringup.loyalty_lots l
                   set remaining = l.remaining - v_taken
                 where l.vendor_id = p_vendor_id and l.id = v_lot.id;
                insert into ringup.loyalty_lot_entries (vendor_id, transaction_id, lot_id, points, created_at)
                values (p_vendor_id, p_transaction_id, v_lot.id, -v_taken, v_now);
                v_rest := v_rest - v_taken;
                exit some_lots when v_rest = 0;
            end loop;
            exit when not found;
        end loop;
    end loop;
    if v_rest <> 0 then
        raise exception using errcode = 'RU402',
            message = format('%s points leave customer %s, and the lots have %s',
                             p_points, p_customer_id, p_points - v_rest);
    end if;
end
$$;
