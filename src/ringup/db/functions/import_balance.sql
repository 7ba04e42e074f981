-- import_balance(vendor, batch, customer, points, expires at) → whether the customer got the points now
--
-- Why      One customer of an import.
-- Writes   customers, loyalty_transactions, loyalty_lots, loyalty_lot_entries.
-- Locks    The customer row.
-- Repeats  Safe: a customer gets a batch's points once.
-- Raises   RU110 customer_inactive · RU114 points_already_recorded · RU207 points_out_of_range · RU210 expiry_in_the_past
create or replace function ringup.import_balance(
    p_vendor_id uuid, p_batch text, p_customer_id uuid, p_points integer, p_expires_at timestamptz
)
returns boolean
language plpgsql
as $$
declare
    v_customer ringup.customers := ringup.lock_points(p_vendor_id, p_customer_id);
    v_points   integer;
begin
    select t.points into v_points
      from ringup.loyalty_transactions t
     where t.vendor_id = p_vendor_id and t.customer_id = p_customer_id
       and t.reference_type = 'opening_balance' and t.reference_id = p_batch;
    if found then
        if v_points is distinct from p_points then
            raise exception using errcode = 'RU114',
                message = format('customer %s has %s points from batch %s already, not %s',
                                 p_customer_id, v_points, p_batch, p_points);
        end if;
        return false;
    end if;
    if p_points is null or p_points < 1 then
        raise exception using errcode = 'RU207',
            message = format('customer %s: %s is not an opening balance', p_customer_id, coalesce(p_points::text, 'null'));
    end if;
    if p_expires_at <= ringup.now() then
        raise exception using errcode = 'RU210', message = format('customer %s: %s has passed', p_customer_id, p_expires_at);
    end if;
    if not v_customer.is_active then
        raise exception using errcode = 'RU110', message = format('customer %s is not active', p_customer_id);
    end if;
    perform ringup.post_points(p_vendor_id, p_customer_id, p_points, 'adjusted', 'opening_balance', p_batch,
                               format('Opening balance, batch %s', p_batch), p_expires_at);
    return true;
end
$$;
