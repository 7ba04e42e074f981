-- hold_stored_value(vendor, currency, tenders) → how many of the tenders are paid from gift cards or store credit
--
-- Why      What a tender takes from a gift card or store credit is set aside before anybody is charged, so that it is
--          there when the cards have paid, and two registers cannot both have it.
-- Writes   stored_value_accounts (held_minor).
-- Locks    The accounts, by id.
-- Repeats  Not idempotent; called once, with the order's creation.
-- Raises   RU203 currency_mismatch, and what check_gift_card and refuse_stored_value raise
create or replace function ringup.hold_stored_value(
    p_vendor_id uuid, p_currency text, p_tenders ringup.planned_tender[]
)
returns integer
language plpgsql
as $$
declare
    v_account ringup.stored_value_accounts;
    v_count   integer := 0;
    v_wanted  record;
begin
    for v_wanted in
        select t.stored_value_id as id, sum(t.amount_minor)::bigint as amount_minor, count(*)::integer as tenders
          from unnest(p_tenders) as t
         where t.stored_value_id is not null
         group by t.stored_value_id
         order by t.stored_value_id
    loop
        v_account := ringup.lock_stored_value(p_vendor_id, v_wanted.id);
        perform ringup.check_gift_card(v_account);
        if v_account.currency <> p_currency then
            raise exception using errcode = 'RU203',
                message = format('the gift card is in %s, and the sale in %s', v_account.currency, p_currency);
        end if;
        if v_account.balance_minor - v_account.held_minor < v_wanted.amount_minor then
            perform ringup.refuse_stored_value(v_account, v_wanted.amount_minor);
        end if;
        update ringup.stored_value_accounts a
           set held_minor = a.held_minor + v_wanted.amount_minor, updated_at = ringup.now()
         where a.vendor_id = p_vendor_id and a.id = v_wanted.id;
        v_count := v_count + v_wanted.tenders;
    end loop;
    return v_count;
end
$$;
