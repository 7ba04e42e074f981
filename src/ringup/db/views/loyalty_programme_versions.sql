-- Every version of the programme, with its rules and tiers, and which is in force.
create view ringup.loyalty_programme_versions as
select p.vendor_id, p.valid_from, p.valid_from = max(p.valid_from) filter (where p.valid_from <= ringup.now())
           over (partition by p.vendor_id) as is_current,
       p.points_per_unit, p.points_per_order, p.point_value_minor, p.earns_on_tax,
       p.redeem_minimum, p.redeem_step, p.redeem_maximum, p.redeem_percent_maximum,
       p.pending_days, p.live_days, p.refund_policy, p.may_go_negative,
       p.tier_basis, p.tier_window_days, p.tier_hold_days,
       coalesce((select jsonb_agg(jsonb_build_object(
                            'product_id', r.product_id, 'category', r.category,
                            'points_per_unit', r.points_per_unit::text, 'points_per_item', r.points_per_item)
                            order by r.rule_number)
                   from ringup.loyalty_earn_rules r
                  where r.vendor_id = p.vendor_id and r.valid_from = p.valid_from), '[]') as rules,
       coalesce((select jsonb_agg(jsonb_build_object(
                            'name', t.name, 'threshold', t.threshold, 'multiplier', t.multiplier::text)
                            order by t.threshold)
                   from ringup.loyalty_tiers t
                  where t.vendor_id = p.vendor_id and t.valid_from = p.valid_from), '[]') as tiers,
       p.created_at
  from ringup.loyalty_programmes p;
