-- campaign_covers(campaign, product, category) → whether a line of it is among what the campaign is for
--
-- Why      A campaign is for one article, for one category, or for everything.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.campaign_covers(
    p_campaign ringup.loyalty_campaigns, p_product_id uuid, p_category text
)
returns boolean
language sql immutable
as $$
    select coalesce(p_campaign.product_id = p_product_id, true)
       and (p_campaign.category is null or p_campaign.category is not distinct from p_category)
$$;
