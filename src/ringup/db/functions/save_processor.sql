-- save_processor(vendor, processor, location, name, type, active, live, settings, credentials, key id, actor) → whether it is new
--
-- Why      A configured terminal. Credentials arrive encrypted; null keeps those that are there.
-- Writes   payment_processors, audit_log (never the credentials).
-- Locks    The processor row.
-- Repeats  Safe.
-- Raises   RU003 location_not_found · RU113 already_exists
create or replace function ringup.save_processor(
    p_vendor_id uuid, p_processor_id uuid, p_location_id uuid, p_name text, p_type text, p_is_active boolean,
    p_is_live boolean, p_settings jsonb, p_credentials bytea, p_key_id text, p_actor text
)
returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    v_new boolean;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if not exists (select from ringup.locations l where l.vendor_id = p_vendor_id and l.id = p_location_id) then
        raise exception using errcode = 'RU003', message = format('location %s does not exist', p_location_id);
    end if;
    v_new := not exists (select from ringup.payment_processors p
                          where p.vendor_id = p_vendor_id and p.id = p_processor_id);
    begin
        insert into ringup.payment_processors (
            vendor_id, id, location_id, processor_name, processor_type, is_active, is_live, settings,
            credentials, credentials_key_id, created_at, updated_at)
        values (
            p_vendor_id, p_processor_id, p_location_id, p_name, p_type, p_is_active, p_is_live, p_settings,
            p_credentials, p_key_id, ringup.now(), ringup.now())
        on conflict (vendor_id, id) do update
           set location_id = excluded.location_id, processor_name = excluded.processor_name,
               processor_type = excluded.processor_type, is_active = excluded.is_active, is_live = excluded.is_live,
               settings = excluded.settings, updated_at = excluded.updated_at,
               credentials = coalesce(excluded.credentials, payment_processors.credentials),
               credentials_key_id = coalesce(excluded.credentials_key_id, payment_processors.credentials_key_id);
    exception when unique_violation then
        raise exception using errcode = 'RU113', message = format('there is a processor %s at this location already', p_name);
    end;
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'processor_saved', 'payment_processor', p_processor_id::text, null,
        jsonb_build_object('name', p_name, 'type', p_type, 'is_active', p_is_active, 'settings', p_settings,
                           'credentials_changed', p_credentials is not null));
    return v_new;
end
$$;
