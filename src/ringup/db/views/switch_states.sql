-- What can be turned off, whether it is on, and who turned it last.
create view ringup.switch_states as
select v.id as vendor_id, n.name, coalesce(s.is_on, true) as is_on, s.changed_by, s.changed_at
  from ringup.vendors v
 cross join (values ('loyalty_updates'), ('two_phase_commit')) as n (name)
  left join ringup.feature_switches s on s.vendor_id = v.id and s.name = n.name
 where v.id = (select ringup.current_vendor())
    or (select pg_catalog.pg_has_role(current_user, 'ringup_operator', 'usage'));
