-- save_customer(vendor, customer, first name, last name, email, phone, active) → whether it is new
--
-- Why      Who the customers are. Points are never written here: they have their own functions.
-- Writes   customers.
-- Locks    The customer row.
-- Repeats  Safe.
-- Raises   RU110 customer_inactive, for one who was merged into another
create or replace function ringup.save_customer(
    p_vendor_id uuid, p_customer_id uuid, p_first_name text, p_last_name text, p_email text, p_phone text,
    p_is_active boolean
)
returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    perform from ringup.customers c
      where c.vendor_id = p_vendor_id and c.id = p_customer_id and c.merged_into is not null and p_is_active;
    if found then
        raise exception using errcode = 'RU110',
            message = format('customer %s was merged into another one', p_customer_id);
    end if;
    update ringup.customers c
       set first_name = p_first_name, last_name = p_last_name, email = p_email, phone = p_phone,
           is_active = p_is_active, updated_at = ringup.now()
     where c.vendor_id = p_vendor_id and c.id = p_customer_id;
    if found then
        return false;
    end if;
    insert into ringup.customers (
        vendor_id, id, first_name, last_name, email, phone, is_active, created_at, updated_at)
    values (
        p_vendor_id, p_customer_id, p_first_name, p_last_name, p_email, p_phone, p_is_active,
        ringup.now(), ringup.now());
    return true;
end
$$;
