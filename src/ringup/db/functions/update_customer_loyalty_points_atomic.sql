-- update_customer_loyalty_points_atomic(customer, earned, redeemed, order, order total) → what the order did to the balance
--
-- Why      Spends and earns an order's points in one step, for any caller: a checkout, an edge function, psql.
--          Held points are not available, unless they are held for this very order. What was begun for a
--          duplicate goes to whom the duplicate was merged into.
-- Writes   customers, loyalty_transactions: the 'spent' row, then the 'earned' row; loyalty_lots, loyalty_lot_entries.
-- Locks    The customer row: of two sessions that redeem the last points, the second waits and is refused.
-- Repeats  Safe: for the same order it changes nothing and answers the same.
-- Raises   RU005 customer_not_found · RU102 insufficient_points · RU110 customer_inactive
--          · RU114 points_already_recorded · RU207 points_out_of_range
create or replace function ringup.update_customer_loyalty_points_atomic(
    p_customer_id uuid, p_points_earned integer, p_points_redeemed integer, p_order_id uuid, p_order_total numeric
)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_vendor_id uuid := coalesce(ringup.current_vendor(), ringup.vendor_of_customer(p_customer_id));
    v_customer  ringup.customers;
begin
    if v_vendor_id is not null then
        perform ringup.enter_vendor(v_vendor_id);
        select * into v_customer
          from ringup.customers c
         where c.vendor_id = v_vendor_id and c.id = p_customer_id
           for no key update;
        if v_customer.merged_into is not null then
            v_customer := ringup.lock_survivor(v_vendor_id, p_customer_id);
        end if;
    end if;
    if v_customer.id is null then
        raise exception using errcode = 'RU005', message = format('customer %s does not exist', p_customer_id);
    end if;
    if p_points_earned is null or p_points_earned < 0 or p_points_redeemed is null or p_points_redeemed < 0
       or p_order_id is null or p_order_total < 0 then
        raise exception using errcode = 'RU207',
            message = format('points earned %s and redeemed %s for order %s must be whole numbers from 0 up',
                             p_points_earned, p_points_redeemed, p_order_id);
    end if;
    perform ringup.spend_points(v_customer, p_points_redeemed, p_order_id);
    perform ringup.earn_points(v_customer, p_points_earned, p_order_id, p_order_total);
    return ringup.points_summary(v_customer.vendor_id, p_customer_id, v_customer.id, p_order_id);
end
$$;
