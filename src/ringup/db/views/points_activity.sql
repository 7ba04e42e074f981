-- Every change of points with whose they are and the day where the shop is.
create view ringup.points_activity as
select t.vendor_id, t.id, t.customer_id, c.first_name, c.last_name, t.points, t.transaction_type, t.balance_after,
       t.reference_type, t.reference_id, t.description, t.created_at,
       (t.created_at at time zone v.time_zone)::date as day
  from ringup.loyalty_transactions t
  join ringup.customers c on c.vendor_id = t.vendor_id and c.id = t.customer_id
  join ringup.vendors v on v.id = t.vendor_id;
