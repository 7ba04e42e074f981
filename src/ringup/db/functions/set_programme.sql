-- set_programme(vendor, points per unit, point value, actor, …) → from when it is in force
--
-- Why      A new version of the loyalty programme, from now on or from a later instant. It says everything: what is
--          left out is the default, not what was before. What was promised or granted before stays as it was.
--          Rules are parallel arrays (article or category, rate, points per item), and so are tiers.
-- Writes   loyalty_programmes, loyalty_earn_rules, loyalty_tiers, audit_log.
-- Locks    Nothing beyond its own rows.
-- Repeats  Every call is another version.
-- Raises   RU113 already_exists · RU208 reason_missing · RU211 programme_invalid, and what write_earn_rules raises
create or replace function ringup.set_programme(
    p_vendor_id uuid, p_points_per_unit numeric, p_point_value_minor bigint, p_actor text,
    p_valid_from timestamptz default null, p_points_per_order integer default 0, p_earns_on_tax boolean default false,
    p_redeem_minimum integer default 1, p_redeem_step integer default 1, p_redeem_maximum integer default null,
    p_redeem_percent_maximum integer default 100, p_pending_days integer default 0, p_live_days integer default null,
    p_refund_policy text default 'within_balance', p_may_go_negative boolean default false,
    p_rule_products uuid[] default '{}', p_rule_categories text[] default '{}',
    p_rule_points_per_unit numeric[] default '{}', p_rule_points_per_item integer[] default '{}',
    p_tier_basis text default null, p_tier_window_days integer default 365, p_tier_hold_days integer default 0,
    p_tier_names text[] default '{}', p_tier_thresholds bigint[] default '{}', p_tier_multipliers numeric[] default '{}'
)
returns timestamptz
language plpgsql security definer set search_path = ''
as $$
declare
    v_now timestamptz := ringup.now();
    v_new ringup.loyalty_programmes;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(trim(p_actor), '') = '' then
        raise exception using errcode = 'RU208', message = 'a programme needs the name of who sets it';
    end if;
    if (p_points_per_unit = round(p_points_per_unit, 4) and p_points_per_unit between 0 and 1000000) is not true then
        raise exception using errcode = 'RU211',
            message = format('%s points per unit: from 0 to 1000000, with up to 4 decimals', p_points_per_unit);
    end if;
    v_new.vendor_id := p_vendor_id;
    v_new.valid_from := coalesce(p_valid_from, v_now);
    v_new.points_per_unit := p_points_per_unit;
    v_new.point_value_minor := p_point_value_minor;
    v_new.points_per_order := p_points_per_order;
    v_new.earns_on_tax := p_earns_on_tax;
    v_new.redeem_minimum := p_redeem_minimum;
    v_new.redeem_step := p_redeem_step;
    v_new.redeem_maximum := p_redeem_maximum;
    v_new.redeem_percent_maximum := p_redeem_percent_maximum;
    v_new.pending_days := p_pending_days;
    v_new.live_days := p_live_days;
    v_new.refund_policy := p_refund_policy;
    v_new.may_go_negative := p_may_go_negative;
    v_new.tier_basis := p_tier_basis;
    v_new.tier_window_days := p_tier_window_days;
    v_new.tier_hold_days := p_tier_hold_days;
    v_new.created_at := v_now;
    perform ringup.check_programme(v_new);
    if exists (select from ringup.loyalty_programmes p
                where p.vendor_id = p_vendor_id and p.valid_from = v_new.valid_from) then
        raise exception using errcode = 'RU113',
            message = format('there is a programme from %s already', v_new.valid_from);
    end if;
    insert into ringup.loyalty_programmes select v_new.*;
    perform ringup.write_earn_rules(
        v_new, p_rule_products, p_rule_categories, p_rule_points_per_unit, p_rule_points_per_item);
    perform ringup.write_tiers(v_new, p_tier_names, p_tier_thresholds, p_tier_multipliers);
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'programme_set', 'loyalty_programme', p_vendor_id::text, null,
        to_jsonb(v_new) || jsonb_build_object(
            'rules', cardinality(p_rule_categories), 'tiers', cardinality(p_tier_names)));
    return v_new.valid_from;
end
$$;
