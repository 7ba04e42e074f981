-- revoke_api_key(vendor, key, actor) → nothing
--
-- Why      A client may not come in any more.
-- Writes   api_keys, audit_log.
-- Locks    The key's row.
-- Repeats  Safe: a revoked key stays revoked since the first time.
-- Raises   RU009 api_key_not_found
create or replace function ringup.revoke_api_key(p_vendor_id uuid, p_key_id uuid, p_actor text)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    update ringup.api_keys k
       set revoked_at = coalesce(k.revoked_at, ringup.now())
     where k.vendor_id = p_vendor_id and k.id = p_key_id;
    if not found then
        raise exception using errcode = 'RU009', message = format('api key %s does not exist', p_key_id);
    end if;
    perform ringup.write_audit(p_vendor_id, p_actor, 'api_key_revoked', 'api_key', p_key_id::text, null, null);
end
$$;
