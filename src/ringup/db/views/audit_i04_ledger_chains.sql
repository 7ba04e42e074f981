-- I4: each row adds up, a customer's rows chain without a gap, the balance is their sum, and the lots hold it.
create view ringup.audit_i04_ledger_chains as
select t.vendor_id, 'loyalty_transaction' as subject, t.id::text as subject_id,
       format('entry %s begins at %s, and the one before it ended at %s', t.entry_number, t.balance_before,
              t.previous_after) as problem
  from (select l.*, lag(l.balance_after) over chain as previous_after, lag(l.entry_number) over chain as previous_number
          from ringup.loyalty_transactions l
        window chain as (partition by l.vendor_id, l.customer_id order by l.entry_number)) as t
 where t.balance_after <> t.balance_before + t.points
    or t.balance_before <> coalesce(t.previous_after, 0)
    or t.entry_number <> coalesce(t.previous_number, 0) + 1
union all
select c.vendor_id, 'customer', c.id::text,
       format('balance %s, and the ledger says %s', c.loyalty_points, coalesce(t.points, 0))
  from ringup.customers c
  left join (select l.vendor_id, l.customer_id, sum(l.points) as points
               from ringup.loyalty_transactions l
              group by l.vendor_id, l.customer_id) as t on t.vendor_id = c.vendor_id and t.customer_id = c.id
 where c.loyalty_points <> coalesce(t.points, 0)
union all
select c.vendor_id, 'customer', c.id::text,
       format('balance %s, and the lots hold %s', c.loyalty_points, coalesce(s.remaining, 0))
  from ringup.customers c
  left join (select l.vendor_id, l.customer_id, sum(l.remaining) as remaining
               from ringup.loyalty_lots l
              where l.remaining > 0
              group by l.vendor_id, l.customer_id) as s on s.vendor_id = c.vendor_id and s.customer_id = c.id
 where greatest(c.loyalty_points, 0) <> coalesce(s.remaining, 0)
union all
select l.vendor_id, 'loyalty_lot', l.id::text,
       format('%s left of %s, and its entries say %s', l.remaining, l.points, l.points + coalesce(e.points, 0))
  from ringup.loyalty_lots l
  left join (select n.vendor_id, n.lot_id, sum(n.points) as points
               from ringup.loyalty_lot_entries n
              group by n.vendor_id, n.lot_id) as e on e.vendor_id = l.vendor_id and e.lot_id = l.id
 where l.remaining <> l.points + coalesce(e.points, 0);
