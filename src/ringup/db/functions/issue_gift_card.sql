-- issue_gift_card(vendor, card, code's hash, last 4, amount, expires, reason, by whom, approval, actor) → whether it is new
--
-- Why      A new gift card, empty or with something on it. An empty one is sold by a sale whose line names it, and is
--          loaded with what is paid; with an amount it is given out by hand, which takes a reason.
-- Writes   stored_value_accounts, stored_value_transactions, approvals, audit_log.
-- Locks    The approval, then the card's row.
-- Repeats  Safe: the same id, code and amount again changes nothing.
-- Raises   RU113 already_exists · RU204 amount_out_of_range · RU208 reason_missing · RU260 gift_card_invalid,
--          and what permit raises
create or replace function ringup.issue_gift_card(
    p_vendor_id uuid, p_card_id uuid, p_code_hash bytea, p_code_last4 text, p_amount_minor bigint,
    p_expires_at timestamptz, p_reason text, p_by_staff_id uuid, p_approval_id uuid, p_actor text
)
returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    v_card ringup.stored_value_accounts;
begin
    perform ringup.enter_vendor(p_vendor_id);
    perform ringup.check_value_change(coalesce(nullif(p_amount_minor, 0), 1),
                                      case when p_amount_minor = 0 then 'an empty card' else p_reason end, p_actor);
    if p_amount_minor < 0 or p_expires_at <= ringup.now() or length(p_code_hash) <> 32
       or p_code_last4 !~ '^[A-Z0-9]{4}$' then
        raise exception using errcode = 'RU260', message = 'a gift card has a code, no debt, and a date that is to come';
    end if;
    select * into v_card
      from ringup.stored_value_accounts a
     where a.vendor_id = p_vendor_id and (a.id = p_card_id or a.code_hash = p_code_hash)
     order by a.id = p_card_id desc
     limit 1;
    if found then
        if v_card.id <> p_card_id or v_card.code_hash <> p_code_hash
           or p_amount_minor <> coalesce((select t.amount_minor from ringup.stored_value_transactions t
                                           where t.vendor_id = p_vendor_id and t.account_id = p_card_id
                                             and t.reference_type = 'issue'), 0) then
            raise exception using errcode = 'RU113', message = 'another gift card has this code or id';
        end if;
        return false;
    end if;
    perform ringup.permit(p_vendor_id, p_by_staff_id, 'issue_gift_card', p_amount_minor, null, p_approval_id,
                          p_card_id::text);
    begin
        insert into ringup.stored_value_accounts (
            vendor_id, id, kind, code_hash, code_last4, currency, expires_at, created_at, updated_at)
        select p_vendor_id, p_card_id, 'gift_card', p_code_hash, p_code_last4, v.currency, p_expires_at,
               ringup.now(), ringup.now()
          from ringup.vendors v
         where v.id = p_vendor_id;
    exception when unique_violation then
        raise exception using errcode = 'RU113', message = 'another gift card has this code or id';
    end;
    if p_amount_minor > 0 then
        perform ringup.write_stored_value(p_vendor_id, p_card_id, p_amount_minor, 'issued', 'issue', p_card_id::text,
                                          p_reason);
    end if;
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'gift_card_issued', 'gift_card', p_card_id::text, null,
        jsonb_build_object('code_last4', p_code_last4, 'amount_minor', p_amount_minor, 'reason', p_reason,
                           'expires_at', p_expires_at));
    return true;
end
$$;
