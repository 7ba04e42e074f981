-- I14: each row of a gift card or of store credit adds up and chains, the balance is their sum, what is held is what sales
-- under way hold, and a completed sale spent and loaded exactly what its tenders and lines say.
create view ringup.audit_i14_stored_value_adds_up as
select t.vendor_id, 'stored_value_transaction' as subject, t.id::text as subject_id,
       format('entry %s begins at %s, and the one before it ended at %s', t.entry_number, t.balance_before_minor,
              t.previous_after) as problem
  from (select l.*, lag(l.balance_after_minor) over chain as previous_after,
               lag(l.entry_number) over chain as previous_number
          from ringup.stored_value_transactions l
        window chain as (partition by l.vendor_id, l.account_id order by l.entry_number)) as t
 where t.balance_before_minor <> coalesce(t.previous_after, 0)
    or t.entry_number <> coalesce(t.previous_number, 0) + 1
union all
select a.vendor_id, a.kind, a.id::text,
       format('balance %s after %s entries, and the ledger says %s after %s', a.balance_minor, a.entries,
              coalesce(t.amount, 0), coalesce(t.entries, 0))
  from ringup.stored_value_accounts a
  left join (select l.vendor_id, l.account_id, sum(l.amount_minor) as amount, count(*) as entries
               from ringup.stored_value_transactions l
              group by l.vendor_id, l.account_id) as t on t.vendor_id = a.vendor_id and t.account_id = a.id
 where a.balance_minor <> coalesce(t.amount, 0) or a.entries <> coalesce(t.entries, 0)
union all
select a.vendor_id, a.kind, a.id::text,
       format('%s held, and the sales under way hold %s', a.held_minor, coalesce(h.amount, 0))
  from ringup.stored_value_accounts a
  left join (select p.vendor_id, p.stored_value_id, sum(p.amount_minor) as amount
               from ringup.payment_transactions p
               join ringup.orders o on o.vendor_id = p.vendor_id and o.id = p.order_id
              where p.stored_value_id is not null and p.kind = 'charge' and o.holds = 'held'
              group by p.vendor_id, p.stored_value_id) as h on h.vendor_id = a.vendor_id and h.stored_value_id = a.id
 where a.held_minor <> coalesce(h.amount, 0)
union all
select p.vendor_id, 'payment', p.id::text,
       format('took %s from the account of its tender, and is %s with %s approved', coalesce(-t.amount_minor, 0),
              p.status, coalesce(p.approved_minor, 0))
  from ringup.payment_transactions p
  left join ringup.stored_value_transactions t
    on t.vendor_id = p.vendor_id and t.account_id = p.stored_value_id
   and t.reference_type = 'payment' and t.reference_id = p.id::text
 where p.stored_value_id is not null and p.kind = 'charge'
   and coalesce(-t.amount_minor, 0) <> case p.status when 'approved' then p.approved_minor else 0 end
union all
select i.vendor_id, 'order', i.order_id::text,
       format('line %s loaded %s on its gift card, and %s were paid for it', i.line_number,
              coalesce(t.amount_minor, 0), i.total_minor - i.points_value_minor)
  from ringup.order_items i
  join ringup.orders o on o.vendor_id = i.vendor_id and o.id = i.order_id
  left join ringup.stored_value_transactions t
    on t.vendor_id = i.vendor_id and t.account_id = i.gift_card_id
   and t.reference_type = 'order_line' and t.reference_id = i.order_id || ':' || i.line_number
 where i.gift_card_id is not null
   and coalesce(t.amount_minor, 0) <> case o.holds when 'posted' then i.total_minor - i.points_value_minor else 0 end;
