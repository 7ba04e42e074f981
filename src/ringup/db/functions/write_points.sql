-- write_points(vendor, customer, points, type, …) → the ledger row's id, and the balance before and after it
--
-- Why      The one writer of the ledger: the balance and the row that explains it change together, and with them
--          what is held, where a hold becomes a spend. The caller keeps the lots, and decides whether a balance
--          below what is held or below zero is allowed (p_may_overdraw); a customer who is there already may stay.
-- Writes   customers (points, held points), loyalty_transactions (one row).
-- Locks    The customer row.
-- Repeats  Not idempotent, except where a unique index of loyalty_transactions says once.
-- Raises   RU005 customer_not_found · RU207 points_out_of_range
create or replace function ringup.write_points(
    p_vendor_id uuid, p_customer_id uuid, p_points integer, p_type text, p_reference_type text, p_reference_id text,
    p_description text, p_held_change integer default 0, p_may_overdraw boolean default false,
    out transaction_id uuid, out balance_before integer, out balance_after integer
)
returns record
language plpgsql
as $$
declare
    v_entry bigint;
begin
    update ringup.customers c
       set loyalty_points = c.loyalty_points + p_points,
           loyalty_points_held = c.loyalty_points_held + p_held_change,
           loyalty_overdrawn = c.loyalty_points + p_points < c.loyalty_points_held + p_held_change
                               and (p_may_overdraw or c.loyalty_overdrawn),
           loyalty_entries = c.loyalty_entries + 1,
           updated_at = ringup.now()
     where c.vendor_id = p_vendor_id and c.id = p_customer_id
       and c.loyalty_points::bigint + p_points between -2147483648 and 2147483647
    returning c.loyalty_points, c.loyalty_entries into balance_after, v_entry;
    if not found then
        perform from ringup.customers c where c.vendor_id = p_vendor_id and c.id = p_customer_id;
        if found then
            raise exception using errcode = 'RU207',
                message = format('with %s points more the balance is out of range', p_points);
        end if;
        raise exception using errcode = 'RU005', message = format('customer %s does not exist', p_customer_id);
    end if;
    transaction_id := ringup.new_id();
    balance_before := balance_after - p_points;
    insert into ringup.loyalty_transactions (
        vendor_id, id, customer_id, entry_number, points, transaction_type, balance_before, balance_after,
        reference_type, reference_id, description, created_at)
    values (
        p_vendor_id, transaction_id, p_customer_id, v_entry, p_points, p_type, balance_before, balance_after,
        p_reference_type, p_reference_id, p_description, ringup.now());
end
$$;
