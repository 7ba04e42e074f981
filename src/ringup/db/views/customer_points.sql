-- A customer's points at this moment: what is due counts as expired, whether or not the nightly run has been there.
create view ringup.customer_points as
select c.vendor_id, c.id as customer_id, c.loyalty_points - l.expired as balance, c.loyalty_points_held as held,
       l.pending, c.loyalty_points - l.expired - c.loyalty_points_held - l.pending as available,
       n.expires_at as next_expiry_at, coalesce(n.points, 0) as next_expiry_points,
       c.loyalty_tier as tier, c.loyalty_tier_until as tier_until,
       (select coalesce(sum(t.points), 0)
          from ringup.loyalty_transactions t
         where t.vendor_id = c.vendor_id and t.customer_id = c.id and t.transaction_type = 'earned') as lifetime_earned,
       c.merged_into
  from ringup.customers c
 cross join lateral (
     select coalesce(sum(s.remaining) filter (where s.available_at > ringup.now()), 0)::integer as pending,
            -- Held points of a lot that is due stay until the sale takes them or gives them up.
            greatest(coalesce(sum(s.remaining) filter (where s.expires_at <= ringup.now()), 0)
                     - c.loyalty_points_held, 0)::integer as expired
       from ringup.loyalty_lots s
      where s.vendor_id = c.vendor_id and s.customer_id = c.id and s.remaining > 0) as l
  left join lateral (
     select s.expires_at, sum(s.remaining)::integer as points
       from ringup.loyalty_lots s
      where s.vendor_id = c.vendor_id and s.customer_id = c.id and s.remaining > 0 and s.expires_at > ringup.now()
      group by s.expires_at
      order by s.expires_at
      limit 1) as n on true;
