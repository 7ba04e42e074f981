-- disconnect_browser(vendor, browser, actor) → nothing
--
-- Why      A till was sold, stolen or replaced: its browser shows nothing of the shop any more.
-- Writes   web_browsers, audit_log.
-- Locks    The browser's row.
-- Repeats  Safe: the second time changes nothing.
-- Raises   Nothing.
create or replace function ringup.disconnect_browser(p_vendor_id uuid, p_browser_id uuid, p_actor text)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    update ringup.web_browsers b
       set disconnected_at = ringup.now()
     where b.vendor_id = p_vendor_id and b.id = p_browser_id and b.disconnected_at is null;
    if found then
        perform ringup.write_audit(p_vendor_id, p_actor, 'browser_disconnected', 'web_browser', p_browser_id::text,
                                   null, null);
    end if;
end
$$;
