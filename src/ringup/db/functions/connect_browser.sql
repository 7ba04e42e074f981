-- connect_browser(vendor, browser, name, token's hash, key, actor) → nothing
--
-- Why      A browser is let in once, by somebody who has an API key, and shows this shop's pages from then on.
--          The key itself is not kept with it: only which one it was, so that a revoked key ends it.
-- Writes   web_browsers, audit_log.
-- Locks    Nothing beyond its own row.
-- Repeats  A second one with this id or token refuses.
-- Raises   RU113 already_exists
create or replace function ringup.connect_browser(
    p_vendor_id uuid, p_browser_id uuid, p_name text, p_token_hash bytea, p_api_key_id uuid, p_actor text
)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    insert into ringup.web_browsers (vendor_id, id, name, token_hash, api_key_id, connected_at, last_seen_at)
    values (p_vendor_id, p_browser_id, p_name, p_token_hash, p_api_key_id, ringup.now(), ringup.now())
    on conflict do nothing;
    if not found then
        raise exception using errcode = 'RU113', message = format('there is a browser %s already', p_browser_id);
    end if;
    perform ringup.write_audit(p_vendor_id, p_actor, 'browser_connected', 'web_browser', p_browser_id::text, null,
                               jsonb_build_object('name', p_name, 'api_key_id', p_api_key_id));
end
$$;
