-- advance_order(vendor, order, event, detail) → the new status
--
-- Why      Every change of an order's status goes through here, so that ringup.transitions is the
--          whole truth about what may follow what and the order's story has no gap.
-- Writes   orders (status, payment_status, event_count), order_events (one row).
-- Locks    The order row.
-- Repeats  Not idempotent: a second call is a second event. Callers decide.
-- Raises   RU001 checkout_not_found · RU101 transition_not_allowed
create or replace function ringup.advance_order(
    p_vendor_id uuid, p_order_id uuid, p_event text, p_detail jsonb default '{}'
)
returns text
language plpgsql
as $$
declare
    v_status   text;
    v_sequence integer;
    v_now      timestamptz;
begin
    select o.status into v_status
      from ringup.orders o
     where o.vendor_id = p_vendor_id and o.id = p_order_id
       for no key update;
    if not found then
        raise exception using errcode = 'RU001', message = format('checkout %s does not exist', p_order_id);
    end if;

    v_status := ringup.next_state('order', v_status, p_event);
    v_now := ringup.now();
    update ringup.orders o
       set status = v_status,
           payment_status = ringup.payment_status_of(p_vendor_id, p_order_id, v_status),
           event_count = o.event_count + 1,
           updated_at = v_now,
           completed_at = case when p_event = 'completed' then v_now else o.completed_at end
     where o.vendor_id = p_vendor_id and o.id = p_order_id
    returning o.event_count into v_sequence;
    insert into ringup.order_events (vendor_id, order_id, sequence, id, event, status, detail, created_at)
    values (p_vendor_id, p_order_id, v_sequence, ringup.new_id(), p_event, v_status, p_detail, v_now);
    return v_status;
end
$$;
