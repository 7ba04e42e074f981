-- claim_events(vendor, holder, limit, lease seconds) → events to hand on now, in order per order
--
-- Why      Events are handed on after they were committed, and by one relay at a time, so that those of an order come
--          in their order. p_limit bounds how many of the oldest are looked at; of the orders among them all that is
--          still to be handed on comes along. A relay that dies in it leaves them to the next when the lease ends.
-- Writes   event_relays.
-- Locks    The vendor's row of event_relays; where another relay holds it, nothing is claimed.
-- Repeats  Safe: while the lease lasts, nobody else is given any.
-- Raises   Nothing.
create or replace function ringup.claim_events(
    p_vendor_id uuid, p_holder uuid, p_limit integer, p_lease_seconds integer
)
returns table (
    id uuid, order_id uuid, "sequence" integer, event text, status text, detail jsonb, created_at timestamptz
)
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    -- Looked for first: even an insert that does nothing would stand in line behind the relay at work.
    if not exists (select from ringup.event_relays r where r.vendor_id = p_vendor_id) then
        insert into ringup.event_relays (vendor_id) values (p_vendor_id) on conflict do nothing;
    end if;
    perform 1
       from ringup.event_relays r
      where r.vendor_id = p_vendor_id and r.lease_until <= ringup.now()
        for no key update skip locked;
    if not found then
        return;
    end if;
    return query
        with oldest as materialized (
            select e.order_id, e.created_at
              from ringup.order_events e
             where e.vendor_id = p_vendor_id and e.relayed_at is null
             order by e.created_at
             limit p_limit
        ), orders as (
            select o.order_id, min(o.created_at) as since
              from oldest o
             group by o.order_id
        )
        select e.id, e.order_id, e.sequence, e.event, e.status, e.detail, e.created_at
          from orders o
          join ringup.order_events e on e.vendor_id = p_vendor_id and e.order_id = o.order_id
         where e.relayed_at is null
         order by o.since, e.order_id, e.sequence;
    if found then
        update ringup.event_relays r
           set holder = p_holder, lease_until = ringup.now() + make_interval(secs => p_lease_seconds)
         where r.vendor_id = p_vendor_id;
    end if;
end
$$;
