-- resolve_item(vendor, item, resolution, actor) → nothing
--
-- Why      A person has dealt with what no rule could, and says how.
-- Writes   reconciliation_items, audit_log.
-- Locks    The item's row.
-- Repeats  An item that is resolved, or none, refuses.
-- Raises   RU010 item_not_found · RU208 reason_missing
create or replace function ringup.resolve_item(p_vendor_id uuid, p_item_id uuid, p_resolution text, p_actor text)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(trim(p_resolution), '') = '' or coalesce(trim(p_actor), '') = '' then
        raise exception using errcode = 'RU208', message = 'a resolution needs a reason and a name';
    end if;
    update ringup.reconciliation_items i
       set resolved_at = ringup.now(), resolved_by = p_actor, resolution = p_resolution
     where i.vendor_id = p_vendor_id and i.id = p_item_id and i.resolved_at is null;
    if not found then
        raise exception using errcode = 'RU010', message = format('there is no open item %s', p_item_id);
    end if;
    perform ringup.write_audit(p_vendor_id, p_actor, 'item_resolved', 'reconciliation_item', p_item_id::text, null,
                               jsonb_build_object('resolution', p_resolution));
end
$$;
