-- resolve_points(vendor, item, resolution, actor) → nothing
--
-- Why      A person has dealt with points that could not be recorded, and says how. What was set aside for them is the
--          customer's again: whoever wants it taken retries, or adjusts afterwards.
-- Writes   loyalty_reconciliation_queue, customers (loyalty_points_held), audit_log.
-- Locks    order → customer → the item.
-- Repeats  An item that is resolved, or none, refuses.
-- Raises   RU010 item_not_found · RU208 reason_missing
create or replace function ringup.resolve_points(p_vendor_id uuid, p_item_id uuid, p_resolution text, p_actor text)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
    v_item ringup.loyalty_reconciliation_queue;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(trim(p_resolution), '') = '' or coalesce(trim(p_actor), '') = '' then
        raise exception using errcode = 'RU208', message = 'a resolution needs a reason and a name';
    end if;
    v_item := ringup.lock_queued_points(p_vendor_id, p_item_id);
    if v_item.resolved then
        raise exception using errcode = 'RU010', message = format('item %s is not open', p_item_id);
    end if;
    if ringup.points_recorded(p_vendor_id, v_item.order_id, 'spent') = 0 then
        perform ringup.drop_hold(p_vendor_id, v_item.customer_id, v_item.points_held);
    end if;
    update ringup.loyalty_reconciliation_queue q
       set resolved = true, resolved_at = ringup.now(), resolved_by = p_actor, resolution = p_resolution,
           next_retry_at = null, lease_until = null
     where q.vendor_id = p_vendor_id and q.id = p_item_id;
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'points_resolved', 'loyalty_reconciliation_queue', p_item_id::text,
        jsonb_build_object('points_earned', v_item.points_earned, 'points_redeemed', v_item.points_redeemed,
                           'error_message', v_item.error_message),
        jsonb_build_object('resolution', p_resolution));
end
$$;
