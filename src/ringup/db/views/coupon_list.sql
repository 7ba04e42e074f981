-- Coupons, with how many sales they count for: those that are completed, and those that are under way.
create view ringup.coupon_list as
select c.vendor_id, c.id, c.code, c.name, c.starts_at, c.ends_at, c.minimum_minor, c.amount_minor,
       trim_scale(c.percent) as percent,
       c.use_limit, c.customer_use_limit, c.is_active, u.used, u.held, u.taken_off_minor, c.created_at, c.updated_at
  from ringup.coupons c
 cross join lateral (
       select count(*) filter (where n.status = 'used') as used, count(*) filter (where n.status = 'held') as held,
              coalesce(sum(n.amount_minor) filter (where n.status = 'used'), 0)::bigint as taken_off_minor
         from ringup.coupon_uses n
        where n.vendor_id = c.vendor_id and n.coupon_id = c.id) as u;
