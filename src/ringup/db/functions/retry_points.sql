-- retry_points(vendor, item, actor) → the item as it stands after one more try
--
-- Why      What failed when the sale completed is tried again, by the worker or by a person, with the amounts of that
--          day. A failure is kept with its reason and tried again later and later.
-- Writes   customers, loyalty_transactions, orders (points_earned), loyalty_reconciliation_queue.
-- Locks    order → customer → the item.
-- Repeats  Safe: an order spends once and earns once, and an item that is resolved stays as it is.
-- Raises   RU010 item_not_found
create or replace function ringup.retry_points(p_vendor_id uuid, p_item_id uuid, p_actor text)
returns table (
    item_id uuid, customer_id uuid, order_id uuid, points_earned integer, points_redeemed integer,
    resolved boolean, problem text, retry_count integer, next_retry_at timestamptz
)
language plpgsql security definer set search_path = ''
as $$
declare
    v_item    ringup.loyalty_reconciliation_queue;
    v_problem text;
    v_granted integer;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_item := ringup.lock_queued_points(p_vendor_id, p_item_id);
    if not v_item.resolved and ringup.switch_is_on(p_vendor_id, 'loyalty_updates') then
        begin
            v_granted := ringup.post_queued_points(v_item);
        exception when others then
            v_problem := left(sqlerrm, 500);
        end;
        update ringup.loyalty_reconciliation_queue q
           set retry_count = q.retry_count + 1,
               points_earned = coalesce(v_granted, q.points_earned),
               lease_until = null,
               error_message = coalesce(v_problem, q.error_message),
               next_retry_at = case when v_problem is not null
                                    then ringup.now() + ringup.points_retry_delay(q.retry_count + 1) end,
               resolved = v_problem is null,
               resolved_at = case when v_problem is null then ringup.now() end,
               resolved_by = case when v_problem is null then p_actor end,
               resolution = case when v_problem is null then 'the points were recorded' end
         where q.vendor_id = p_vendor_id and q.id = p_item_id
        returning q.* into v_item;
    end if;
    return query
        select v_item.id, v_item.customer_id, v_item.order_id, v_item.points_earned, v_item.points_redeemed,
               v_item.resolved, case when not v_item.resolved then v_item.error_message end, v_item.retry_count,
               v_item.next_retry_at;
end
$$;
