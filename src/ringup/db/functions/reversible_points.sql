-- reversible_points(customer, order, points) → how many of these points a return may take back
--
-- Why      The policy of the programme under which the order earned them. only_pending: what is left and still pending
--          of the order's own lot. within_balance: that, and what is available. unlimited: all, below zero if need be.
--          What is held for a checkout stays under the first two.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the customer, after what is due has expired.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.reversible_points(
    p_customer ringup.customers, p_order ringup.orders, p_points integer
)
returns integer
language plpgsql
as $$
declare
    v_policy  text := coalesce((ringup.programme_at(p_order.vendor_id, p_order.completed_at)).refund_policy,
                               'within_balance');
    v_pending integer;
begin
    if v_policy = 'unlimited' then
        return p_points;
    end if;
    select coalesce(sum(l.remaining), 0) into v_pending
      from ringup.loyalty_lots l
      join ringup.loyalty_transactions t on t.vendor_id = l.vendor_id and t.id = l.transaction_id
     where l.vendor_id = p_order.vendor_id and l.customer_id = p_customer.id and l.available_at > ringup.now()
       and t.reference_type = 'order' and t.reference_id = p_order.id::text and t.transaction_type = 'earned';
    return least(p_points, v_pending + case
        when v_policy = 'only_pending' then 0
        else greatest(ringup.available_points(p_customer), -v_pending) end);
end
$$;
