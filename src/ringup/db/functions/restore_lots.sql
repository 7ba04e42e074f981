-- restore_lots(vendor, customer, order, ledger row, points) → nothing
--
-- Why      Spent points go back into the lots that they came from, with their old expiry: the one that expires last
--          first, because spending took it last. What came from no lot (spent before there were lots, or while the
--          balance was below zero) makes a lot of its own, which does not expire.
-- Writes   loyalty_lots, loyalty_lot_entries.
-- Locks    Nothing; the caller holds the customer.
-- Repeats  Not idempotent; called once for each ledger row.
-- Raises   Nothing.
create or replace function ringup.restore_lots(
    p_vendor_id uuid, p_customer_id uuid, p_order_id uuid, p_transaction_id uuid, p_points integer
)
returns void
language plpgsql
as $$
declare
    v_restored integer;
begin
    with moved as (
        select t.id
          from ringup.loyalty_transactions t
         where t.vendor_id = p_vendor_id and t.reference_type = 'order' and t.reference_id = p_order_id::text
           and t.transaction_type in ('spent', 'reversed')
         union all
        select t.id
          from ringup.loyalty_transactions t
         where t.vendor_id = p_vendor_id and t.reference_type = 'refund' and t.points > 0
           and t.reference_id in (select r.refund_id::text from ringup.loyalty_returns r
                                   where r.vendor_id = p_vendor_id and r.order_id = p_order_id)
    ), owed as (
        select l.id, -sum(e.points) as points, l.expires_at, l.available_at
          from moved m
          join ringup.loyalty_lot_entries e on e.vendor_id = p_vendor_id and e.transaction_id = m.id
          join ringup.loyalty_lots l on l.vendor_id = p_vendor_id and l.id = e.lot_id
         where l.customer_id = p_customer_id
         group by l.id, l.expires_at, l.available_at
        having sum(e.points) < 0
    ), ordered as (
        select o.id, o.points,
               sum(o.points) over (order by o.expires_at desc, o.available_at desc, o.id desc) - o.points as before
          from owed o
    ), restored as (
        update ringup.loyalty_lots l
           set remaining = l.remaining + least(o.points, p_points - o.before)
          from ordered o
         where l.vendor_id = p_vendor_id and l.id = o.id and o.before < p_points
        returning l.id, least(o.points, p_points - o.before) as points
    ), written as (
        insert into ringup.loyalty_lot_entries (vendor_id, transaction_id, lot_id, points, created_at)
        select p_vendor_id, p_transaction_id, r.id, r.points, ringup.now() from restored r
        returning points
    )
    select coalesce(sum(w.points), 0) into v_restored from written w;
    if v_restored < p_points then
        perform ringup.add_lot(p_vendor_id, p_customer_id, p_transaction_id, p_points - v_restored, 0, null, null);
    end if;
end
$$;
