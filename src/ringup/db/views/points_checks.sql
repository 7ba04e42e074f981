-- Every customer's points computed again: from the ledger, row by row, and from the lots.
-- A chain breaks where a row does not begin at what the one before it ended with. Lots are counted where they are left,
-- and checked with the row that made them: both ways by an index.
create view ringup.points_checks as
select c.vendor_id, c.id as customer_id, c.loyalty_points as balance, l.points as in_ledger, l.entries, l.chain_breaks,
       t.points as in_lots, b.lot_breaks
  from ringup.customers c
 cross join lateral (
       select coalesce(sum(e.points), 0) as points, count(*) as entries,
              count(*) filter (where e.balance_before <> coalesce(e.previous_after, 0)
                                  or e.balance_after <> e.balance_before + e.points
                                  or e.entry_number <> coalesce(e.previous_number, 0) + 1) as chain_breaks
         from (select x.points, x.balance_before, x.balance_after, x.entry_number,
                      lag(x.balance_after) over chain as previous_after,
                      lag(x.entry_number) over chain as previous_number
                 from ringup.loyalty_transactions x
                where x.vendor_id = c.vendor_id and x.customer_id = c.id
               window chain as (order by x.entry_number)) as e) as l
 cross join lateral (
       select coalesce(sum(y.remaining), 0) as points
         from ringup.loyalty_lots y
        where y.vendor_id = c.vendor_id and y.customer_id = c.id and y.remaining > 0) as t
 cross join lateral (
       select count(*) as lot_breaks
         from ringup.loyalty_transactions x
         join ringup.loyalty_lots y on y.vendor_id = x.vendor_id and y.transaction_id = x.id
        where x.vendor_id = c.vendor_id and x.customer_id = c.id
          and y.remaining <> y.points + coalesce((
              select sum(z.points) from ringup.loyalty_lot_entries z
               where z.vendor_id = y.vendor_id and z.lot_id = y.id), 0)) as b;
