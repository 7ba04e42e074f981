-- return_value(vendor, account, amount, payment, description) → the balance after
--
-- Why      What a refund puts on an account, once for each payment of kind refund.
-- Writes   stored_value_accounts, stored_value_transactions.
-- Locks    The account.
-- Repeats  Safe: the same payment again changes nothing, and answers the balance after the first time.
-- Raises   RU113 already_exists · RU204 amount_out_of_range
create or replace function ringup.return_value(
    p_vendor_id uuid, p_account_id uuid, p_amount_minor bigint, p_payment_id uuid, p_description text
)
returns bigint
language plpgsql
as $$
declare
    v_recorded ringup.stored_value_transactions;
begin
    perform ringup.lock_stored_value(p_vendor_id, p_account_id);
    if p_amount_minor is null or p_amount_minor <= 0 then
        raise exception using errcode = 'RU204', message = format('%s is not an amount to give back', p_amount_minor);
    end if;
    v_recorded := ringup.find_value_entry(p_vendor_id, 'payment', p_payment_id::text);
    if v_recorded.id is not null then
        if v_recorded.account_id <> p_account_id or v_recorded.amount_minor <> p_amount_minor then
            raise exception using errcode = 'RU113',
                message = format('payment %s gave back another amount, or to another account', p_payment_id);
        end if;
        return v_recorded.balance_after_minor;
    end if;
    return ringup.write_stored_value(p_vendor_id, p_account_id, p_amount_minor, 'returned', 'payment',
                                     p_payment_id::text, p_description);
end
$$;
