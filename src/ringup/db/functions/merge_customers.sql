-- merge_customers(vendor, customer to keep, duplicate, reason, actor) → the points that moved
--
-- Why      One person has two cards. The balance moves with a ledger row on each side, the lots move as they are, with
--          their times, and the duplicate ends. What was begun for the duplicate then goes to whom it was merged into.
-- Writes   customers, loyalty_transactions, loyalty_lots, loyalty_lot_entries, audit_log,
--          stored_value_accounts, stored_value_transactions.
-- Locks    Both customer rows, in the order of their ids; then their store credit.
-- Repeats  Safe: the second time it changes nothing and answers the same.
-- Raises   RU005 customer_not_found · RU110 customer_inactive · RU119 not_mergeable · RU208 reason_missing
create or replace function ringup.merge_customers(
    p_vendor_id uuid, p_keep_id uuid, p_duplicate_id uuid, p_reason text, p_actor text
)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    v_keep      ringup.customers;
    v_duplicate ringup.customers;
    v_points    integer;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(p_reason, '') = '' or coalesce(p_actor, '') = '' then
        raise exception using errcode = 'RU208', message = 'a merge needs a reason and a name';
    end if;
    perform from ringup.customers c
      where c.vendor_id = p_vendor_id and c.id in (p_keep_id, p_duplicate_id)
      order by c.id
        for no key update;
    v_keep := ringup.lock_points(p_vendor_id, p_keep_id);
    v_duplicate := ringup.lock_points(p_vendor_id, p_duplicate_id);
    if v_duplicate.merged_into = p_keep_id then
        return coalesce((select -t.points from ringup.loyalty_transactions t
                          where t.vendor_id = p_vendor_id and t.customer_id = p_duplicate_id
                            and t.reference_type = 'merge' and t.reference_id = p_duplicate_id::text), 0);
    end if;
    if not v_keep.is_active then
        raise exception using errcode = 'RU110', message = format('customer %s is not active', p_keep_id);
    end if;
    if p_keep_id = p_duplicate_id or v_duplicate.merged_into is not null or v_duplicate.loyalty_points_held > 0 then
        raise exception using errcode = 'RU119',
            message = format('customer %s cannot be merged into %s: %s', p_duplicate_id, p_keep_id, case
                when p_keep_id = p_duplicate_id then 'they are the same'
                when v_duplicate.merged_into is not null then 'the duplicate was merged into another customer'
                else format('%s points are held for a checkout', v_duplicate.loyalty_points_held) end);
    end if;
    v_points := v_duplicate.loyalty_points;
    perform ringup.move_points(v_keep, v_duplicate, p_reason);
    perform ringup.move_store_credit(v_keep, v_duplicate, p_reason);
    update ringup.customers c
       set is_active = false, merged_into = p_keep_id, loyalty_tier = null, loyalty_tier_until = null,
           loyalty_tier_review_at = null, updated_at = ringup.now()
     where c.vendor_id = p_vendor_id and c.id = p_duplicate_id;
    -- Whom the duplicate's spending now counts for is due for a look at the tier, where there are tiers.
    update ringup.customers c
       set loyalty_tier_review_at = ringup.now(), updated_at = ringup.now()
     where c.vendor_id = p_vendor_id and c.id = p_keep_id
       and (v_keep.loyalty_tier_review_at is not null or v_duplicate.loyalty_tier_review_at is not null);
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'customers_merged', 'customer', p_duplicate_id::text,
        jsonb_build_object('points', v_points),
        jsonb_build_object('merged_into', p_keep_id, 'points', 0, 'reason', p_reason));
    return v_points;
end
$$;
