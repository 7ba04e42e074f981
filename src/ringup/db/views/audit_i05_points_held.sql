-- I5: held points are those of live checkouts and of what waits in the queue, and never more than the balance; an order
-- spends once, earns once, and returns no more. Uses of coupons are held by live checkouts alone, and counted once.
create view ringup.audit_i05_points_held as
select c.vendor_id, 'customer' as subject, c.id::text as subject_id,
       format('%s held of %s, and live checkouts and queued points hold %s', c.loyalty_points_held, c.loyalty_points,
              coalesce(h.points, 0)) as problem
  from ringup.customers c
  left join (select w.vendor_id, w.customer_id, sum(w.points) as points
               from (select o.vendor_id, o.customer_id, o.id as order_id, o.points_redeemed as points
                       from ringup.orders o
                      where o.holds = 'held'
                     union all
                     select q.vendor_id, q.customer_id, q.order_id, q.points_held
                       from ringup.loyalty_reconciliation_queue q
                      where not q.resolved) as w
              where not exists (select from ringup.loyalty_transactions t
                                 where t.vendor_id = w.vendor_id and t.reference_id = w.order_id::text
                                   and t.reference_type = 'order' and t.transaction_type = 'spent')
              group by w.vendor_id, w.customer_id) as h on h.vendor_id = c.vendor_id and h.customer_id = c.id
 where c.loyalty_points_held <> coalesce(h.points, 0)
    or c.loyalty_points_held < 0
    or c.loyalty_overdrawn <> (c.loyalty_points < c.loyalty_points_held)
union all
select r.vendor_id, 'order', r.order_id::text,
       format('%s reversed of %s earned, and %s given back of %s spent', r.reversed, r.earned, r.given_back, r.spent)
  from (select b.vendor_id, b.order_id,
               coalesce(-sum(t.points) filter (where t.reference_type = 'refund' and t.points < 0), 0) as reversed,
               coalesce(sum(t.points) filter (where t.reference_type = 'refund' and t.points > 0), 0) as given_back,
               coalesce(sum(t.points) filter (where t.transaction_type = 'earned'), 0) as earned,
               coalesce(-sum(t.points) filter (where t.transaction_type = 'spent'), 0) as spent
          from (select n.vendor_id, n.order_id, 'refund' as reference_type, n.refund_id::text as reference_id
                  from ringup.loyalty_returns n
                 union
                select n.vendor_id, n.order_id, 'order', n.order_id::text
                  from ringup.loyalty_returns n) as b
          join ringup.loyalty_transactions t
            on t.vendor_id = b.vendor_id and t.reference_type = b.reference_type and t.reference_id = b.reference_id
         group by b.vendor_id, b.order_id) as r
 where r.reversed > r.earned or r.given_back > r.spent
union all
select t.vendor_id, 'order', t.reference_id, format('%s rows %s', count(*), t.transaction_type)
  from ringup.loyalty_transactions t
 where t.reference_type = 'order' and t.transaction_type in ('spent', 'earned')
 group by t.vendor_id, t.reference_id, t.transaction_type
having count(*) > 1
union all
select o.vendor_id, 'order', o.id::text, format('holds are %s while the order is %s', o.holds, o.status)
  from ringup.orders o
 where (o.holds = 'held') <> (o.status in ('pending_payment', 'payment_processing', 'payment_authorized'))
union all
select u.vendor_id, 'order', u.order_id::text, format('its coupon is %s, and its holds are %s', u.status, o.holds)
  from ringup.coupon_uses u
  join ringup.orders o on o.vendor_id = u.vendor_id and o.id = u.order_id
 where (u.status, o.holds) not in (('held', 'held'), ('used', 'posted'), ('released', 'released'))
union all
select c.vendor_id, 'coupon', c.id::text, format('%s uses counted, and there are %s', c.use_count, coalesce(u.uses, 0))
  from ringup.coupons c
  left join (select n.vendor_id, n.coupon_id, count(*) as uses
               from ringup.coupon_uses n
              where n.status <> 'released'
              group by n.vendor_id, n.coupon_id) as u on u.vendor_id = c.vendor_id and u.coupon_id = c.id
 where num_nonnulls(c.use_limit, c.customer_use_limit) > 0 and c.use_count <> coalesce(u.uses, 0);
