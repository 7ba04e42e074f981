-- save_campaign(vendor, campaign, name, starts, ends, multiplier, bonus, product, category, minimum spend, limit, actor)
--   → whether it is new
--
-- Why      Points beyond the programme for a time, for one article, one category or everything. Saving it again
--          changes what sales are promised from now on, never what they were promised; an ended one runs again.
-- Writes   loyalty_campaigns, audit_log.
-- Locks    The campaign's row.
-- Repeats  Safe.
-- Raises   RU006 product_not_found · RU208 reason_missing · RU212 campaign_invalid
create or replace function ringup.save_campaign(
    p_vendor_id uuid, p_campaign_id uuid, p_name text, p_starts_at timestamptz, p_ends_at timestamptz,
    p_multiplier numeric, p_bonus_points integer, p_product_id uuid, p_category text,
    p_minimum_spend_minor bigint, p_customer_limit integer, p_actor text
)
returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    v_before ringup.loyalty_campaigns;
    v_after  ringup.loyalty_campaigns;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(trim(p_actor), '') = '' then
        raise exception using errcode = 'RU208', message = 'a campaign needs the name of who saves it';
    end if;
    perform ringup.check_campaign(p_name, p_starts_at, p_ends_at, p_multiplier, p_bonus_points, p_product_id,
                                  p_category, p_minimum_spend_minor, p_customer_limit);
    if p_product_id is not null and not exists (
           select from ringup.products p where p.vendor_id = p_vendor_id and p.id = p_product_id) then
        raise exception using errcode = 'RU006', message = format('product %s does not exist', p_product_id);
    end if;
    select * into v_before
      from ringup.loyalty_campaigns c
     where c.vendor_id = p_vendor_id and c.id = p_campaign_id
       for no key update;
    insert into ringup.loyalty_campaigns (
        vendor_id, id, name, starts_at, ends_at, multiplier, bonus_points, product_id, category,
        minimum_spend_minor, customer_limit, is_active, created_at, updated_at)
    values (
        p_vendor_id, p_campaign_id, p_name, p_starts_at, p_ends_at, p_multiplier, p_bonus_points, p_product_id,
        p_category, p_minimum_spend_minor, p_customer_limit, true, ringup.now(), ringup.now())
    on conflict (vendor_id, id) do update
       set name = excluded.name, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
           multiplier = excluded.multiplier, bonus_points = excluded.bonus_points,
           product_id = excluded.product_id, category = excluded.category,
           minimum_spend_minor = excluded.minimum_spend_minor, customer_limit = excluded.customer_limit,
           is_active = true, updated_at = excluded.updated_at
    returning * into v_after;
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'campaign_saved', 'loyalty_campaign', p_campaign_id::text,
        case when v_before.id is not null then to_jsonb(v_before) end, to_jsonb(v_after));
    return v_before.id is null;
end
$$;
