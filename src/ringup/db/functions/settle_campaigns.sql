-- settle_campaigns(order, status) → nothing
--
-- Why      What campaigns counted for the sale was 'granted' with it, or is 'released' for the customer's next one.
-- Writes   loyalty_campaign_grants.
-- Locks    Those rows; the caller holds the order.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.settle_campaigns(p_order ringup.orders, p_status text)
returns void
language plpgsql
as $$
begin
    -- Whatever a campaign gave is among the points that were promised.
    if p_order.points_to_earn > 0 then
        update ringup.loyalty_campaign_grants g
           set status = p_status
         where g.vendor_id = p_order.vendor_id and g.order_id = p_order.id and g.status = 'held';
    end if;
end
$$;
