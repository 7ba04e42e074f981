-- How a vendor's cash is rounded: by its own rule, else as its currency's shops do, else not at all (a step of 1).
create view ringup.cash_rule_in_force as
select v.id as vendor_id, v.currency, coalesce(r.step_minor, d.step_minor, 1) as step_minor,
       coalesce(r.mode, d.mode, 'nearest') as mode, r.vendor_id is not null as is_own, r.updated_at
  from ringup.vendors v
  left join ringup.cash_rules r on r.vendor_id = v.id
  left join ringup.cash_rules_default d on d.currency = v.currency
 where v.id = (select ringup.current_vendor())
    or (select pg_catalog.pg_has_role(current_user, 'ringup_operator', 'usage'));
