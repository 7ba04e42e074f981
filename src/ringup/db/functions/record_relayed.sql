-- record_relayed(vendor, holder, orders, sequences) → how many events count as handed on from now
--
-- Why      Commits that events were handed on, and tells whoever listens on the channel ringup_events of this database,
--          in the same transaction: a listener hears of each with the id that it will have if it comes again.
--          Nothing personal is in it; the particulars are in the order's story.
-- Writes   order_events (relayed_at), event_relays.
-- Locks    Those event rows → the vendor's row of event_relays.
-- Repeats  Safe: what counts as handed on is not told again.
-- Raises   Nothing.
create or replace function ringup.record_relayed(
    p_vendor_id uuid, p_holder uuid, p_order_ids uuid[], p_sequences integer[]
)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    v_event record;
    v_count integer := 0;
    v_now   timestamptz := ringup.now();
begin
    perform ringup.enter_vendor(p_vendor_id);
    for v_event in
        with relayed as (
            update ringup.order_events e
               set relayed_at = v_now
              from unnest(p_order_ids, p_sequences) with ordinality as r (order_id, sequence, place)
             where e.vendor_id = p_vendor_id and e.order_id = r.order_id and e.sequence = r.sequence
               and e.relayed_at is null
            returning e.id, e.order_id, e.sequence, e.event, e.status, r.place
        )
        select * from relayed order by relayed.place
    loop
        perform pg_catalog.pg_notify('ringup_events', json_build_object(
            'vendor_id', p_vendor_id, 'order_id', v_event.order_id, 'sequence', v_event.sequence,
            'id', v_event.id, 'event', v_event.event, 'status', v_event.status)::text);
        v_count := v_count + 1;
    end loop;
    -- Another relay may hold the vendor by now; its lease is its own.
    update ringup.event_relays r
       set holder = null, lease_until = '-infinity'
     where r.vendor_id = p_vendor_id and r.holder = p_holder;
    return v_count;
end
$$;
