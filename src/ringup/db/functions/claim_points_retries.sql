-- claim_points_retries(vendor, limit, lease seconds) → queue items whose points are to be tried again now
--
-- Why      A claimed item is due again when the lease ends, so a worker that dies loses nothing. While the vendor has
--          loyalty updates switched off nothing is due.
-- Writes   loyalty_reconciliation_queue (lease_until).
-- Locks    The due rows, skipping those that others hold.
-- Repeats  Safe: two workers claim different rows.
-- Raises   Nothing.
create or replace function ringup.claim_points_retries(p_vendor_id uuid, p_limit integer, p_lease_seconds integer)
returns setof uuid
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    if not ringup.switch_is_on(p_vendor_id, 'loyalty_updates') then
        return;
    end if;
    return query
        with due as materialized (
            select q.id
              from ringup.loyalty_reconciliation_queue q
             where q.vendor_id = p_vendor_id and not q.resolved and q.next_retry_at <= ringup.now()
               and coalesce(q.lease_until <= ringup.now(), true)
             order by q.next_retry_at
             limit p_limit
               for no key update skip locked
        )
        update ringup.loyalty_reconciliation_queue q
           set lease_until = ringup.now() + make_interval(secs => p_lease_seconds)
          from due d
         where q.vendor_id = p_vendor_id and q.id = d.id
        returning q.id;
end
$$;
