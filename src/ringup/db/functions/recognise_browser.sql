-- recognise_browser(vendor, token's hash) → the browser and the scopes of its key; no row for a stranger
--
-- Why      Every page asks this first. A browser is forgotten after ninety days without a visit.
--          Written once an hour at most.
-- Writes   web_browsers (one row at most).
-- Locks    The browser, if it is written.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.recognise_browser(p_vendor_id uuid, p_token_hash bytea)
returns table (browser_id uuid, scopes text[])
language plpgsql security definer set search_path = ''
as $$
declare
    v_now timestamptz := ringup.now();
begin
    perform ringup.enter_vendor(p_vendor_id);
    update ringup.web_browsers b
       set last_seen_at = v_now
     where b.vendor_id = p_vendor_id and b.token_hash = p_token_hash and b.disconnected_at is null
       and b.last_seen_at between v_now - interval '90 days' and v_now - interval '1 hour';
    return query
        select b.id, k.scopes
          from ringup.web_browsers b
          join ringup.api_keys k on k.vendor_id = b.vendor_id and k.id = b.api_key_id
         where b.vendor_id = p_vendor_id and b.token_hash = p_token_hash and b.disconnected_at is null
           and b.last_seen_at > v_now - interval '90 days'
           and k.revoked_at is null and (k.expires_at is null or k.expires_at > v_now);
end
$$;
