-- list_vendors_with_points_work() → the vendors whose points want something done now
--
-- Why      An idle worker asks this and nothing else: retries that are due, lots that expired, tiers to be reviewed.
--          It goes through the vendors one after the other, each under its own claim.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.list_vendors_with_points_work()
returns table (vendor_id uuid, retries boolean, expiry boolean, tiers boolean)
language plpgsql security definer set search_path = ''
as $$
begin
    for vendor_id in select v.id from ringup.vendors v order by v.id loop
        perform ringup.enter_vendor(vendor_id);
        retries := exists (
            select from ringup.loyalty_reconciliation_queue q
             where q.vendor_id = list_vendors_with_points_work.vendor_id and not q.resolved
               and q.next_retry_at <= ringup.now() and coalesce(q.lease_until <= ringup.now(), true))
            and ringup.switch_is_on(vendor_id, 'loyalty_updates');
        expiry := exists (
            select from ringup.loyalty_lots l
             where l.vendor_id = list_vendors_with_points_work.vendor_id and l.remaining > 0
               and l.expires_at <= ringup.now());
        tiers := exists (
            select from ringup.customers c
             where c.vendor_id = list_vendors_with_points_work.vendor_id
               and c.loyalty_tier_review_at <= ringup.now());
        if retries or expiry or tiers then
            return next;
        end if;
    end loop;
end
$$;
