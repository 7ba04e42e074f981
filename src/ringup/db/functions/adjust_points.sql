-- adjust_points(vendor, customer, points, reason, actor) → the balance after
--
-- Why      A person, or an import of opening balances, changes points: with a reason, a name and a ledger row.
-- Writes   customers, loyalty_transactions, audit_log.
-- Locks    The customer row.
-- Repeats  Not idempotent: every call is another adjustment.
-- Raises   RU005 customer_not_found · RU102 insufficient_points · RU207 points_out_of_range
create or replace function ringup.adjust_points(
    p_vendor_id uuid, p_customer_id uuid, p_points integer, p_reason text, p_actor text
)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    v_available integer;
    v_balance   integer;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if p_points is null or p_points = 0 or p_reason is null or p_reason = '' then
        raise exception using errcode = 'RU207', message = 'an adjustment is some points and the reason for them';
    end if;
    select c.loyalty_points - c.loyalty_points_held into v_available
      from ringup.customers c
     where c.vendor_id = p_vendor_id and c.id = p_customer_id
       for no key update;
    if v_available + p_points < 0 then
        raise exception using errcode = 'RU102',
            message = format('Insufficient loyalty points. Available: %s, Requested: %s', v_available, -p_points),
            detail = json_build_object('available', v_available, 'requested', -p_points)::text;
    end if;
    v_balance := ringup.post_points(p_vendor_id, p_customer_id, p_points, 'adjusted', 'adjustment', p_actor, p_reason);
    perform ringup.write_audit(p_vendor_id, p_actor, 'points_adjusted', 'customer', p_customer_id::text,
                               jsonb_build_object('points', v_balance - p_points),
                               jsonb_build_object('points', v_balance, 'reason', p_reason));
    return v_balance;
end
$$;
