-- write_stored_value(account, amount, type, reference type, reference, description, held change) → the balance after
--
-- Why      The one writer of the ledger of gift cards and store credit: the balance and the row that explains it change
--          together, and with them what is held, where a hold becomes a spend.
-- Writes   stored_value_accounts, stored_value_transactions (one row).
-- Locks    The caller holds the account.
-- Repeats  The same reference a second time breaks a unique constraint: callers look for their own repeats first.
-- Raises   RU162 insufficient_balance · RU204 amount_out_of_range
create or replace function ringup.write_stored_value(
    p_vendor_id uuid, p_account_id uuid, p_amount_minor bigint, p_type text, p_reference_type text,
    p_reference_id text, p_description text, p_held_change bigint default 0
)
returns bigint
language plpgsql
as $$
declare
    v_account ringup.stored_value_accounts := ringup.lock_stored_value(p_vendor_id, p_account_id);
    v_after   bigint := v_account.balance_minor + p_amount_minor;
begin
    if v_after > 1000000000000000 then
        raise exception using errcode = 'RU204', message = format('%s is more than can be kept', v_after);
    end if;
    if v_after < v_account.held_minor + p_held_change then
        perform ringup.refuse_stored_value(v_account, -p_amount_minor);
    end if;
    update ringup.stored_value_accounts a
       set balance_minor = v_after, held_minor = a.held_minor + p_held_change, entries = a.entries + 1,
           updated_at = ringup.now()
     where a.vendor_id = p_vendor_id and a.id = p_account_id;
    insert into ringup.stored_value_transactions (
        vendor_id, id, account_id, entry_number, amount_minor, transaction_type, balance_before_minor,
        balance_after_minor, reference_type, reference_id, description, created_at)
    values (
        p_vendor_id, ringup.new_id(), p_account_id, v_account.entries + 1, p_amount_minor, p_type,
        v_account.balance_minor, v_after, p_reference_type, p_reference_id, p_description, ringup.now());
    return v_after;
end
$$;
