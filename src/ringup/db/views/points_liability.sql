-- What the shop owes in points: what is left of every lot, by the month in which it expires and by its age.
-- A point is worth what the programme in force gives for it. Months are those where the shop is.
create view ringup.points_liability as
select l.vendor_id,
       date_trunc('month', l.expires_at at time zone v.time_zone)::date as expires_in,
       case when l.created_at > ringup.now() - interval '30 days' then 'up to 30 days'
            when l.created_at > ringup.now() - interval '90 days' then '31 to 90 days'
            when l.created_at > ringup.now() - interval '365 days' then '91 to 365 days'
            else 'over 365 days' end as age,
       count(*) as lots, count(distinct l.customer_id) as customers, sum(l.remaining) as points,
       sum(l.remaining) * coalesce(p.point_value_minor, 0) as value_minor, v.currency
  from ringup.loyalty_lots l
  join ringup.vendors v on v.id = l.vendor_id
  left join lateral (
       select y.point_value_minor
         from ringup.loyalty_programmes y
        where y.vendor_id = l.vendor_id and y.valid_from <= ringup.now()
        order by y.valid_from desc
        limit 1) as p on true
 where l.remaining > 0
 group by l.vendor_id, expires_in, age, p.point_value_minor, v.currency;
