-- The vendor itself, with the digits its currency has.
create view ringup.vendor_profile as
select v.id as vendor_id, v.name, v.currency, c.exponent, v.time_zone, v.recount_over_minor, v.created_at
  from ringup.vendors v
  join ringup.currencies c on c.code = v.currency
 where v.id = (select ringup.current_vendor())
    or (select pg_catalog.pg_has_role(current_user, 'ringup_operator', 'usage'));
