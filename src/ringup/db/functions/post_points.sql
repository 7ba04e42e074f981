-- post_points(vendor, customer, points, type, reference type, reference id, description) → the balance after
--
-- Why      The one writer of points: the balance and the row that explains it change together.
-- Writes   customers (loyalty_points, loyalty_entries), loyalty_transactions (one row).
-- Locks    The customer row.
-- Repeats  Not idempotent, except that an order's second 'earned' or 'spent' row violates a unique index.
-- Raises   RU005 customer_not_found
create or replace function ringup.post_points(
    p_vendor_id uuid, p_customer_id uuid, p_points integer, p_type text,
    p_reference_type text, p_reference_id text, p_description text
)
returns integer
language plpgsql
as $$
declare
    v_balance integer;
    v_entry   bigint;
begin
    update ringup.customers c
       set loyalty_points = c.loyalty_points + p_points,
           loyalty_entries = c.loyalty_entries + 1,
           updated_at = ringup.now()
     where c.vendor_id = p_vendor_id and c.id = p_customer_id
    returning c.loyalty_points, c.loyalty_entries into v_balance, v_entry;
    if not found then
        raise exception using errcode = 'RU005', message = format('customer %s does not exist', p_customer_id);
    end if;
    insert into ringup.loyalty_transactions (
        vendor_id, id, customer_id, entry_number, points, transaction_type, balance_before, balance_after,
        reference_type, reference_id, description, created_at)
    values (
        p_vendor_id, ringup.new_id(), p_customer_id, v_entry, p_points, p_type, v_balance - p_points, v_balance,
        p_reference_type, p_reference_id, p_description, ringup.now());
    return v_balance;
end
$$;
