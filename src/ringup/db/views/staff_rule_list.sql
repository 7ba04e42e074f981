-- What each role may do at a vendor: its own rule where it has one, else the default.
create view ringup.staff_rule_list as
select v.vendor_id, d.role, d.action, a.means, coalesce(r.rule, d.rule) as rule, r.limit_minor,
       case when r.rule is null then d.limit_percent else r.limit_percent end as limit_percent,
       r.rule is null as is_default
  from ringup.vendor_profile v
 cross join ringup.staff_rules_default d
  join ringup.staff_actions a on a.name = d.action
  left join ringup.staff_rules r on r.vendor_id = v.vendor_id and r.role = d.role and r.action = d.action;
