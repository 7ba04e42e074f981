-- Customers with what points they have, and how many of them are free to spend.
create view ringup.customer_accounts as
select c.vendor_id, c.id, c.first_name, c.last_name, c.email, c.phone, c.loyalty_points, c.loyalty_points_held,
       c.loyalty_points - c.loyalty_points_held as loyalty_points_available, c.is_active, c.created_at, c.updated_at
  from ringup.customers c;
