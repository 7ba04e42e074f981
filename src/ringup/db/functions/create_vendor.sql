-- create_vendor(vendor, name, currency, time zone) → nothing
--
-- Why      A retailer begins. Everything else belongs to one.
-- Writes   vendors.
-- Locks    Nothing beyond its own row.
-- Repeats  Safe with the same particulars; with others it refuses.
-- Raises   RU113 already_exists · RU203 currency_mismatch · RU221 time_zone_unknown
create or replace function ringup.create_vendor(p_vendor_id uuid, p_name text, p_currency text, p_time_zone text)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    if not exists (select from ringup.currencies c where c.code = p_currency) then
        raise exception using errcode = 'RU203', message = format('%s is not a currency (ISO 4217)', p_currency);
    end if;
    begin
        perform pg_catalog.timezone(p_time_zone, ringup.now());
    exception when invalid_parameter_value then
        raise exception using errcode = 'RU221', message = format('%s is not a time zone, such as Europe/Vienna', p_time_zone);
    end;
    insert into ringup.vendors (id, name, currency, time_zone, created_at)
    values (p_vendor_id, p_name, p_currency, p_time_zone, ringup.now())
    on conflict (id) do nothing;
    if not exists (select from ringup.vendors v
                    where v.id = p_vendor_id and v.name = p_name and v.currency = p_currency) then
        raise exception using errcode = 'RU113', message = format('vendor %s exists with other particulars', p_vendor_id);
    end if;
end
$$;
