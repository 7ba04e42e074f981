-- create_api_key(vendor, key, name, prefix, secret hash, scopes, expires at, actor) → nothing
--
-- Why      A client may come in. The secret itself was shown once and is kept nowhere.
-- Writes   api_keys, audit_log.
-- Locks    Nothing beyond its own row.
-- Repeats  A second one with this id or prefix refuses.
-- Raises   RU008 vendor_not_found · RU113 already_exists
create or replace function ringup.create_api_key(
    p_vendor_id uuid, p_key_id uuid, p_name text, p_prefix text, p_secret_hash bytea, p_scopes text[],
    p_expires_at timestamptz, p_actor text
)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    if not exists (select from ringup.vendors v where v.id = p_vendor_id) then
        raise exception using errcode = 'RU008', message = format('vendor %s does not exist', p_vendor_id);
    end if;
    insert into ringup.api_keys (vendor_id, id, name, prefix, secret_hash, scopes, expires_at, created_at)
    values (p_vendor_id, p_key_id, p_name, p_prefix, p_secret_hash, p_scopes, p_expires_at, ringup.now())
    on conflict do nothing;
    if not found then
        raise exception using errcode = 'RU113', message = format('there is a key %s already', p_prefix);
    end if;
    perform ringup.write_audit(p_vendor_id, p_actor, 'api_key_created', 'api_key', p_key_id::text, null,
                               jsonb_build_object('name', p_name, 'prefix', p_prefix, 'scopes', p_scopes));
end
$$;
