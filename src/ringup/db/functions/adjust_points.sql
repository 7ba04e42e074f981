-- adjust_points(vendor, customer, points, reason, actor, role, expires at, adjustment) → the balance after
--
-- Why      A person changes points: with a reason, a name and a ledger row. The role says how many at a time
--          (adjustment_limit). What is taken away leaves what is held alone, unless the programme lets a balance go
--          below zero. The adjustment's id is the caller's; without one it gets a new one.
-- Writes   customers, loyalty_transactions, loyalty_lots, loyalty_lot_entries, audit_log.
-- Locks    The customer row.
-- Repeats  Safe with an adjustment id: it answers the balance after the first time. Without one, every call is another.
-- Raises   RU005 customer_not_found · RU102 insufficient_points · RU110 customer_inactive · RU114 points_already_recorded
--          · RU207 points_out_of_range · RU209 adjustment_too_large · RU210 expiry_in_the_past
create or replace function ringup.adjust_points(
    p_vendor_id uuid, p_customer_id uuid, p_points integer, p_reason text, p_actor text,
    p_role text default 'operator', p_expires_at timestamptz default null, p_adjustment_id uuid default null
)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    v_id       uuid := coalesce(p_adjustment_id, ringup.new_id());
    v_negative boolean;
    v_customer ringup.customers;
    v_recorded ringup.loyalty_transactions;
    v_balance  integer;
begin
    perform ringup.enter_vendor(p_vendor_id);
    perform from ringup.customers c where c.vendor_id = p_vendor_id and c.id = p_customer_id for no key update;
    select * into v_recorded
      from ringup.loyalty_transactions t
     where t.vendor_id = p_vendor_id and t.reference_type = 'adjustment' and t.reference_id = v_id::text;
    if found then
        if v_recorded.customer_id <> p_customer_id or v_recorded.points <> p_points then
            raise exception using errcode = 'RU114',
                message = format('adjustment %s is recorded already, with other points or for another customer', v_id);
        end if;
        return v_recorded.balance_after;
    end if;
    perform ringup.check_adjustment(p_vendor_id, p_points, p_reason, p_actor, p_role, p_expires_at);
    v_customer := ringup.lock_points(p_vendor_id, p_customer_id);
    if not v_customer.is_active then
        raise exception using errcode = 'RU110', message = format('customer %s is not active', p_customer_id);
    end if;
    v_negative := coalesce((ringup.current_programme(p_vendor_id)).may_go_negative, false);
    if p_points < 0 and not v_negative then
        perform ringup.check_available(v_customer, -p_points::bigint);
    end if;
    select p.balance_after into v_balance
      from ringup.post_points(p_vendor_id, p_customer_id, p_points, 'adjusted', 'adjustment', v_id::text, p_reason,
                              p_expires_at, p_may_overdraw => v_negative) as p;
    perform ringup.write_audit(p_vendor_id, p_actor, 'points_adjusted', 'customer', p_customer_id::text,
                               jsonb_build_object('points', v_balance - p_points),
                               jsonb_build_object('points', v_balance, 'reason', p_reason, 'role', p_role,
                                                  'adjustment_id', v_id));
    return v_balance;
end
$$;
