-- hold_campaigns(vendor, customer, order, promise) → nothing
--
-- Why      A campaign that counted for this sale counts against its limit from now on, until the sale is given up.
-- Writes   loyalty_campaign_grants.
-- Locks    Nothing beyond its own rows; the caller holds the customer where a limit matters.
-- Repeats  Not idempotent; called once, with the order's creation.
-- Raises   Nothing.
create or replace function ringup.hold_campaigns(
    p_vendor_id uuid, p_customer_id uuid, p_order_id uuid, p_promise ringup.points_promise
)
returns void
language sql
as $$
    insert into ringup.loyalty_campaign_grants (
        vendor_id, campaign_id, order_id, customer_id, points, status, created_at)
    select p_vendor_id, g.campaign_id, p_order_id, p_customer_id, g.points, 'held', ringup.now()
      from unnest(p_promise.campaign_ids, p_promise.campaign_points) as g (campaign_id, points)
$$;
