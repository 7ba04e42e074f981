-- open_store_credit(vendor, customer) → the account of the customer's store credit, or of whom they were merged into
--
-- Why      A customer has one account, from the first credit on.
-- Writes   stored_value_accounts, for a customer who had none.
-- Locks    The customer, shared, so that no merge comes in between.
-- Repeats  Safe.
-- Raises   RU005 customer_not_found
create or replace function ringup.open_store_credit(p_vendor_id uuid, p_customer_id uuid)
returns uuid
language plpgsql
as $$
declare
    v_customer_id uuid;
    v_merged_into uuid := p_customer_id;
begin
    loop
        v_customer_id := v_merged_into;
        select c.merged_into into v_merged_into
          from ringup.customers c
         where c.vendor_id = p_vendor_id and c.id = v_customer_id
           for share;
        if not found then
            raise exception using errcode = 'RU005', message = format('customer %s does not exist', p_customer_id);
        end if;
        exit when v_merged_into is null;
    end loop;
    insert into ringup.stored_value_accounts (vendor_id, id, kind, customer_id, currency, created_at, updated_at)
    select p_vendor_id, ringup.new_id(), 'store_credit', v_customer_id, v.currency, ringup.now(), ringup.now()
      from ringup.vendors v
     where v.id = p_vendor_id
        on conflict (vendor_id, customer_id) where kind = 'store_credit' do nothing;
    return (select a.id from ringup.stored_value_accounts a
             where a.vendor_id = p_vendor_id and a.customer_id = v_customer_id and a.kind = 'store_credit');
end
$$;
