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
    v_taken bigint;
begin
    if p_points = 0 then
        return;
    end if;
    with live as (
        select l.id, l.remaining,
               sum(l.remaining) over (
                   order by l.transaction_id is distinct from p_first, l.available_at > v_now,
                            l.expires_at, l.available_at, l.id) - l.remaining as before
          from ringup.loyalty_lots l
         where l.vendor_id = p_vendor_id and l.customer_id = p_customer_id and l.remaining > 0
    ), lessened as (
        update ringup.loyalty_lots l
           set remaining = l.remaining - least(v.remaining, p_points - v.before)
          from live v
         where l.vendor_id = p_vendor_id and l.id = v.id and v.before < p_points
        returning l.id, least(v.remaining, p_points - v.before) as points
    ), written as (
        insert into ringup.loyalty_lot_entries (vendor_id, transaction_id, lot_id, points, created_at)
        select p_vendor_id, p_transaction_id, t.id, -t.points, v_now from lessened t
        returning points
    )
    select -coalesce(sum(w.points), 0) into v_taken from written w;
    if v_taken <> p_points then
        raise exception using errcode = 'RU402',
            message = format('%s points leave customer %s, and the lots have %s', p_points, p_customer_id, v_taken);
    end if;
end
$$;
