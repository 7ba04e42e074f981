-- Campaigns, with how many sales they count for: those that are completed, and those that are under way.
create view ringup.loyalty_campaign_list as
select c.vendor_id, c.id, c.name, c.starts_at, c.ends_at, c.multiplier, c.bonus_points, c.product_id, c.category,
       c.minimum_spend_minor, c.customer_limit, c.is_active, g.sales_granted, g.sales_held, g.points_granted,
       c.created_at, c.updated_at
  from ringup.loyalty_campaigns c
 cross join lateral (
       select count(*) filter (where g.status = 'granted') as sales_granted,
              count(*) filter (where g.status = 'held') as sales_held,
              coalesce(sum(g.points) filter (where g.status = 'granted'), 0) as points_granted
         from ringup.loyalty_campaign_grants g
        where g.vendor_id = c.vendor_id and g.campaign_id = c.id) as g;
