-- I4: each row adds up, a customer's rows chain without a gap, and the balance is their sum.
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
 where c.loyalty_points <> coalesce(t.points, 0);
