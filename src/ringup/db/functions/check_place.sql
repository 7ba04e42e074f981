-- check_place(vendor, location, register, customer, currency) → the open session's id and the vendor's currency
--
-- Why      Who sells, where, and to whom, before anything is set aside.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU003 location_not_found · RU004 register_not_found · RU005 customer_not_found · RU104 session_closed
--          · RU110 customer_inactive · RU203 currency_mismatch
create or replace function ringup.check_place(
    p_vendor_id uuid, p_location_id uuid, p_register_id uuid, p_customer_id uuid, p_currency text,
    out session_id uuid, out currency text
)
returns record
language plpgsql
as $$
declare
    v_active boolean;
begin
    select v.currency into currency from ringup.vendors v where v.id = p_vendor_id;
    if p_currency is distinct from currency and p_currency is not null then
        raise exception using errcode = 'RU203', message = format('this vendor sells in %s, not %s', currency, p_currency);
    end if;
    perform from ringup.locations l where l.vendor_id = p_vendor_id and l.id = p_location_id;
    if not found then
        raise exception using errcode = 'RU003', message = format('location %s does not exist', p_location_id);
    end if;
    select s.id into session_id
      from ringup.registers r
      left join ringup.register_sessions s
        on s.vendor_id = r.vendor_id and s.register_id = r.id and s.closed_at is null and s.kind = 'shift'
     where r.vendor_id = p_vendor_id and r.id = p_register_id and r.location_id = p_location_id and r.is_active;
    if not found then
        raise exception using errcode = 'RU004',
            message = format('register %s does not exist at this location', p_register_id);
    end if;
    if session_id is null then
        raise exception using errcode = 'RU104', message = format('register %s has no open session', p_register_id);
    end if;
    if p_customer_id is not null then
        select c.is_active into v_active
          from ringup.customers c
         where c.vendor_id = p_vendor_id and c.id = p_customer_id;
        if not found then
            raise exception using errcode = 'RU005', message = format('customer %s does not exist', p_customer_id);
        end if;
        if not v_active then
            raise exception using errcode = 'RU110', message = format('customer %s is not active', p_customer_id);
        end if;
    end if;
end
$$;
