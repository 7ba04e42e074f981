-- What can be turned off for each vendor while the shop is open. A switch that nobody touched is on.
create view ringup.switches as
select v.id as vendor_id, n.name, coalesce(s.is_on, true) as is_on, s.changed_by, s.changed_at
  from ringup.vendors v
 cross join (values ('loyalty_updates'), ('two_phase_commit')) as n (name)
  left join ringup.feature_switches s on s.vendor_id = v.id and s.name = n.name;
