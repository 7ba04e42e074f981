-- points_summary(vendor, customer, account, order) → what the order did to the customer's points, as the ledger has it
--
-- Why      The answer is read from the ledger, so that a repeat answers the same. The account is the customer, or whom
--          the customer was merged into, before the order or after.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.points_summary(
    p_vendor_id uuid, p_customer_id uuid, p_account_id uuid, p_order_id uuid
)
returns jsonb
language plpgsql
as $$
begin
    return (
    select jsonb_build_object(
        'success', true,
        'customer_id', p_customer_id,
        'order_id', p_order_id,
        'points_earned', coalesce(sum(t.points) filter (where t.transaction_type = 'earned'), 0),
        'points_redeemed', coalesce(-sum(t.points) filter (where t.transaction_type = 'spent'), 0),
        'net_change', coalesce(sum(t.points), 0),
        'balance_before', coalesce((array_agg(t.balance_before order by t.entry_number))[1], min(c.loyalty_points)),
        'balance_after', coalesce((array_agg(t.balance_after order by t.entry_number desc))[1], min(c.loyalty_points)))
      from ringup.customers c
      left join ringup.loyalty_transactions t
        on t.vendor_id = c.vendor_id and t.customer_id in (p_customer_id, p_account_id) and t.reference_type = 'order'
       and t.reference_id = p_order_id::text and t.transaction_type in ('spent', 'earned')
     where c.vendor_id = p_vendor_id and c.id = p_account_id
    );
end
$$;
