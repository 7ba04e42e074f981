-- advance_order(vendor, order, event, detail, lease until, hold until, points earned) → the new status
--
-- Why      Every change of an order's status goes through here, so that ringup.transitions is the
--          whole truth about what may follow what and the order's story has no gap.
--          What else changes in the same moment goes with it, because each writing of an order costs: the lease and
--          the deadline of the holds and the points that were granted where they are given, and that a completed order
--          has no lease and its holds posted.
-- Writes   orders (status, payment_status, event_count, lease_until, hold_until, holds, points_earned), order_events.
-- Locks    The order row.
-- Repeats  Not idempotent: a second call is a second event. Callers decide.
-- Raises   RU001 checkout_not_found · RU101 transition_not_allowed
create or replace function ringup.advance_order(
    p_vendor_id uuid, p_order_id uuid, p_event text, p_detail jsonb default '{}',
    p_lease_until timestamptz default null, p_hold_until timestamptz default null,
    p_points_earned integer default null
)
returns text
language plpgsql
as $$
declare
    v_status   text;
    v_sequence integer;
    v_now      timestamptz := ringup.now();
begin
    update ringup.orders o
       set (status, payment_status) = (
               select n.status, ringup.payment_status_of(p_vendor_id, p_order_id, n.status)
                 from (select ringup.next_state('order', o.status, p_event) as status offset 0) as n),
           event_count = o.event_count + 1,
           lease_until = case when p_event <> 'completed' then coalesce(p_lease_until, o.lease_until) end,
           hold_until = greatest(o.hold_until, p_hold_until),
           holds = case when p_event = 'completed' then 'posted' else o.holds end,
           points_earned = coalesce(p_points_earned, o.points_earned),
           updated_at = v_now,
           completed_at = case when p_event = 'completed' then v_now else o.completed_at end
     where o.vendor_id = p_vendor_id and o.id = p_order_id
    returning o.status, o.event_count into v_status, v_sequence;
    if not found then
        raise exception using errcode = 'RU001', message = format('checkout %s does not exist', p_order_id);
    end if;
    insert into ringup.order_events (vendor_id, order_id, sequence, id, event, status, detail, created_at)
    values (p_vendor_id, p_order_id, v_sequence, ringup.new_id(), p_event, v_status, p_detail, v_now);
    return v_status;
end
$$;
