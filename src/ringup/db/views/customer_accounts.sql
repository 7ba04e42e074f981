-- Customers with what points they have, and how many of them are free to spend at this moment.
create view ringup.customer_accounts as
select c.vendor_id, c.id, c.first_name, c.last_name, c.email, c.phone, c.loyalty_points, c.loyalty_points_held,
       c.loyalty_points - c.loyalty_points_held - l.pending - greatest(l.due - c.loyalty_points_held, 0)
           as loyalty_points_available,
       c.is_active, c.created_at, c.updated_at
  from ringup.customers c
 cross join lateral (
     select coalesce(sum(s.remaining) filter (where s.available_at > ringup.now()), 0)::integer as pending,
            coalesce(sum(s.remaining) filter (where s.expires_at <= ringup.now()), 0)::integer as due
       from ringup.loyalty_lots s
      where s.vendor_id = c.vendor_id and s.customer_id = c.id and s.remaining > 0) as l;
