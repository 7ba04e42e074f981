-- find_own_value(vendor, customer, types, gift cards) → for each tender the account it is paid from, or null
--
-- Why      A tender names its gift card; store credit is that of the customer whom the sale names.
-- Writes   stored_value_accounts, for a customer who had none.
-- Locks    The customer then, shared.
-- Repeats  Safe.
-- Raises   RU060 gift_card_not_found · RU261 store_credit_needs_customer
create or replace function ringup.find_own_value(
    p_vendor_id uuid, p_customer_id uuid, p_types text[], p_gift_cards uuid[]
)
returns uuid[]
language plpgsql
as $$
declare
    v_accounts uuid[] := array_fill(null::uuid, array[coalesce(cardinality(p_types), 0)]);
begin
    for n in 1 .. coalesce(cardinality(p_types), 0) loop
        if p_types[n] = 'gift_card' then
            v_accounts[n] := (select a.id from ringup.stored_value_accounts a
                               where a.vendor_id = p_vendor_id and a.id = p_gift_cards[n] and a.kind = 'gift_card');
            if v_accounts[n] is null then
                raise exception using errcode = 'RU060', message = 'there is no such gift card';
            end if;
        elsif p_types[n] = 'store_credit' then
            if p_customer_id is null then
                raise exception using errcode = 'RU261',
                    message = 'store credit belongs to a customer: name the customer';
            end if;
            v_accounts[n] := (select a.id from ringup.stored_value_accounts a
                               where a.vendor_id = p_vendor_id and a.customer_id = p_customer_id
                                 and a.kind = 'store_credit');
            -- Who has none yet is refused for want of a balance, like everybody.
            v_accounts[n] := coalesce(v_accounts[n], ringup.open_store_credit(p_vendor_id, p_customer_id));
        end if;
    end loop;
    return v_accounts;
end
$$;
