-- move_store_credit(customer to keep, duplicate, reason) → nothing
--
-- Why      The store credit's part of a merge: the balance moves, with a ledger row on each side. What sales under way
--          hold of the duplicate's credit has to end first.
-- Writes   stored_value_accounts, stored_value_transactions (two rows).
-- Locks    Both accounts, by id; the caller holds both customers.
-- Repeats  Not idempotent; a unique constraint of the ledger says once.
-- Raises   RU119 not_mergeable
create or replace function ringup.move_store_credit(
    p_keep ringup.customers, p_duplicate ringup.customers, p_reason text
)
returns void
language plpgsql
as $$
declare
    v_from ringup.stored_value_accounts;
    v_to   uuid;
begin
    select * into v_from
      from ringup.stored_value_accounts a
     where a.vendor_id = p_keep.vendor_id and a.customer_id = p_duplicate.id and a.kind = 'store_credit';
    if not found then
        return;
    end if;
    v_to := ringup.open_store_credit(p_keep.vendor_id, p_keep.id);
    perform from ringup.stored_value_accounts a
      where a.vendor_id = p_keep.vendor_id and a.id in (v_from.id, v_to)
      order by a.id
        for no key update;
    v_from := ringup.lock_stored_value(p_keep.vendor_id, v_from.id);
    if v_from.held_minor > 0 then
        raise exception using errcode = 'RU119',
            message = format('customer %s cannot be merged: %s of their store credit are held for a checkout',
                             p_duplicate.id, v_from.held_minor);
    end if;
    if v_from.balance_minor > 0 then
        perform ringup.write_stored_value(p_keep.vendor_id, v_from.id, -v_from.balance_minor, 'adjusted', 'merge',
                                          p_duplicate.id::text, p_reason);
        perform ringup.write_stored_value(p_keep.vendor_id, v_to, v_from.balance_minor, 'adjusted', 'merge',
                                          p_duplicate.id::text, p_reason);
    end if;
end
$$;
