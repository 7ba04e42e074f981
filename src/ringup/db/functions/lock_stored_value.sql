-- lock_stored_value(vendor, account) → the gift card or store credit, locked
--
-- Why      Whoever changes what is on it, or sets some of it aside, stands in line here.
-- Writes   Nothing.
-- Locks    The account: after the customer, before the stock. Several by their ids.
-- Repeats  Safe.
-- Raises   RU060 gift_card_not_found
create or replace function ringup.lock_stored_value(p_vendor_id uuid, p_account_id uuid)
returns ringup.stored_value_accounts
language plpgsql
as $$
declare
    v_account ringup.stored_value_accounts;
begin
    select * into v_account
      from ringup.stored_value_accounts a
     where a.vendor_id = p_vendor_id and a.id = p_account_id
       for no key update;
    if not found then
        raise exception using errcode = 'RU060', message = 'there is no such gift card';
    end if;
    return v_account;
end
$$;
