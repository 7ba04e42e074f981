-- adjust_stored_value(vendor, adjustment, account, amount, reason, by whom, approval, actor) → the balance after
--
-- Why      A person changes what is on a gift card or in store credit, up or down: with a reason, a name and a ledger
--          row. What is held for sales under way is left alone. The adjustment's id is the caller's.
-- Writes   stored_value_accounts, stored_value_transactions, approvals, audit_log.
-- Locks    The approval, then the account.
-- Repeats  Safe: the same adjustment again changes nothing, and answers the balance after the first time.
-- Raises   RU060 gift_card_not_found · RU113 already_exists, and what check_value_change, permit and
--          write_stored_value raise
create or replace function ringup.adjust_stored_value(
    p_vendor_id uuid, p_adjustment_id uuid, p_account_id uuid, p_amount_minor bigint, p_reason text,
    p_by_staff_id uuid, p_approval_id uuid, p_actor text
)
returns bigint
language plpgsql security definer set search_path = ''
as $$
declare
    v_account  ringup.stored_value_accounts;
    v_recorded ringup.stored_value_transactions;
    v_balance  bigint;
begin
    perform ringup.enter_vendor(p_vendor_id);
    perform ringup.check_value_change(p_amount_minor, p_reason, p_actor);
    v_recorded := ringup.find_value_entry(p_vendor_id, 'adjustment', p_adjustment_id::text);
    if v_recorded.id is null then
        perform ringup.permit(p_vendor_id, p_by_staff_id, 'adjust_gift_card', abs(p_amount_minor), null, p_approval_id,
                              p_adjustment_id::text);
    end if;
    v_account := ringup.lock_stored_value(p_vendor_id, p_account_id);
    v_recorded := ringup.find_value_entry(p_vendor_id, 'adjustment', p_adjustment_id::text);
    if v_recorded.id is not null then
        if v_recorded.account_id <> p_account_id or v_recorded.amount_minor <> p_amount_minor then
            raise exception using errcode = 'RU113',
                message = format('adjustment %s was of another amount, or of another account', p_adjustment_id);
        end if;
        return v_recorded.balance_after_minor;
    end if;
    v_balance := ringup.write_stored_value(p_vendor_id, p_account_id, p_amount_minor, 'adjusted', 'adjustment',
                                           p_adjustment_id::text, p_reason);
    perform ringup.write_audit(
        p_vendor_id, p_actor, v_account.kind || '_adjusted', v_account.kind, p_account_id::text,
        jsonb_build_object('balance_minor', v_account.balance_minor),
        jsonb_build_object('balance_minor', v_balance, 'reason', p_reason, 'adjustment_id', p_adjustment_id));
    return v_balance;
end
$$;
