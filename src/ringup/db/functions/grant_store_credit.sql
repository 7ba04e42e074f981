-- grant_store_credit(vendor, grant, customer, amount, reason, by whom, approval, actor) → the balance after
--
-- Why      A customer is given store credit by hand: with a reason, a name and a ledger row. The grant's id is the
--          caller's.
-- Writes   stored_value_accounts, stored_value_transactions, approvals, audit_log.
-- Locks    The approval, then customer → the account.
-- Repeats  Safe: the same grant again changes nothing, and answers the balance after the first time.
-- Raises   RU005 customer_not_found · RU110 customer_inactive · RU113 already_exists · RU204 amount_out_of_range
--          · RU208 reason_missing, and what permit raises
create or replace function ringup.grant_store_credit(
    p_vendor_id uuid, p_grant_id uuid, p_customer_id uuid, p_amount_minor bigint, p_reason text,
    p_by_staff_id uuid, p_approval_id uuid, p_actor text
)
returns bigint
language plpgsql security definer set search_path = ''
as $$
declare
    v_is_active  boolean;
    v_account_id uuid;
    v_recorded   ringup.stored_value_transactions;
    v_balance    bigint;
begin
    perform ringup.enter_vendor(p_vendor_id);
    perform ringup.check_value_change(greatest(p_amount_minor, 0), p_reason, p_actor);
    select * into v_recorded from ringup.find_value_entry(p_vendor_id, 'grant', p_grant_id::text);
    if v_recorded.id is null then
        perform ringup.permit(p_vendor_id, p_by_staff_id, 'issue_store_credit', p_amount_minor, null, p_approval_id,
                              p_grant_id::text);
    end if;
    v_account_id := ringup.open_store_credit(p_vendor_id, p_customer_id);
    perform ringup.lock_stored_value(p_vendor_id, v_account_id);
    select * into v_recorded from ringup.find_value_entry(p_vendor_id, 'grant', p_grant_id::text);
    if v_recorded.id is not null then
        if v_recorded.account_id <> v_account_id or v_recorded.amount_minor <> p_amount_minor then
            raise exception using errcode = 'RU113',
                message = format('grant %s was of another amount, or to another customer', p_grant_id);
        end if;
        return v_recorded.balance_after_minor;
    end if;
    select c.is_active into v_is_active from ringup.customers c where c.vendor_id = p_vendor_id and c.id = p_customer_id;
    if not v_is_active then
        raise exception using errcode = 'RU110', message = format('customer %s is not active', p_customer_id);
    end if;
    v_balance := ringup.write_stored_value(p_vendor_id, v_account_id, p_amount_minor, 'issued', 'grant',
                                           p_grant_id::text, p_reason);
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'store_credit_granted', 'customer', p_customer_id::text,
        jsonb_build_object('balance_minor', v_balance - p_amount_minor),
        jsonb_build_object('balance_minor', v_balance, 'reason', p_reason, 'grant_id', p_grant_id));
    return v_balance;
end
$$;
