-- find_api_keys(prefix) → the keys that carry this prefix and still hold
--
-- Why      A caller shows a key before anybody knows the vendor. The secret's hash is compared by
--          the caller, in constant time. Owned by ringup_directory.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.find_api_keys(p_prefix text)
returns table (vendor_id uuid, id uuid, secret_hash bytea, scopes text[])
language sql stable security definer set search_path = ''
as $$
    select k.vendor_id, k.id, k.secret_hash, k.scopes
      from ringup.api_keys k
     where k.prefix = p_prefix
       and k.revoked_at is null
       and (k.expires_at is null or k.expires_at > ringup.now())
$$;
