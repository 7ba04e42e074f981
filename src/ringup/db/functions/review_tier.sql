-- review_tier(programme, customer) → nothing
--
-- Why      Up at once. Down only when the tier has been held for the programme's days after it was last deserved, and
--          then to the tier that is deserved by that time. The next review is when that could come true.
-- Writes   customers (tier, until when, next review), audit_log when the tier changes.
-- Locks    The caller holds the customer.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.review_tier(p_programme ringup.loyalty_programmes, p_customer ringup.customers)
returns void
language plpgsql
as $$
declare
    v_hold     interval := p_programme.tier_hold_days * interval '24 hours';
    v_deserved record;
    v_current  bigint;
    v_tier     text;
    v_until    timestamptz;
begin
    select d.name, d.threshold, d.deserved_until + v_hold as until into v_deserved
      from ringup.deserved_tier(p_programme, p_customer.id) as d;
    -- A tier that this version of the programme does not have is not held.
    select t.threshold into v_current
      from ringup.loyalty_tiers t
     where t.vendor_id = p_programme.vendor_id and t.valid_from = p_programme.valid_from
       and t.name = p_customer.loyalty_tier;
    v_tier := v_deserved.name;
    v_until := v_deserved.until;
    if v_current > coalesce(v_deserved.threshold, 0)
       and least(p_customer.loyalty_tier_until, ringup.now() + v_hold) > ringup.now() then
        v_tier := p_customer.loyalty_tier;
        v_until := least(p_customer.loyalty_tier_until, ringup.now() + v_hold);
    end if;
    update ringup.customers c
       set loyalty_tier = v_tier, loyalty_tier_until = v_until, loyalty_tier_review_at = v_until
     where c.vendor_id = p_customer.vendor_id and c.id = p_customer.id;
    if v_tier is distinct from p_customer.loyalty_tier then
        perform ringup.write_audit(
            p_customer.vendor_id, 'ringup', 'tier_changed', 'customer', p_customer.id::text,
            jsonb_build_object('tier', p_customer.loyalty_tier), jsonb_build_object('tier', v_tier, 'until', v_until));
    end if;
end
$$;
