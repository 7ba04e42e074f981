-- set_switch(vendor, name, on, actor) → nothing
--
-- Why      Turns something off or on for a vendor, at once and for every process: the next sale asks.
-- Writes   feature_switches, audit_log.
-- Locks    The switch's row.
-- Repeats  Safe.
-- Raises   RU013 switch_not_found · RU208 reason_missing
create or replace function ringup.set_switch(p_vendor_id uuid, p_name text, p_is_on boolean, p_actor text)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    if p_name is null or p_name not in ('two_phase_commit', 'loyalty_updates') or p_is_on is null then
        raise exception using errcode = 'RU013', message = format('there is no switch %s', p_name);
    end if;
    if coalesce(trim(p_actor), '') = '' then
        raise exception using errcode = 'RU208', message = 'turning a switch needs a name';
    end if;
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'switch_set', 'feature_switch', p_name,
        jsonb_build_object('is_on', ringup.switch_is_on(p_vendor_id, p_name)), jsonb_build_object('is_on', p_is_on));
    insert into ringup.feature_switches (vendor_id, name, is_on, changed_by, changed_at)
    values (p_vendor_id, p_name, p_is_on, p_actor, ringup.now())
    on conflict (vendor_id, name) do update
       set is_on = excluded.is_on, changed_by = excluded.changed_by, changed_at = excluded.changed_at;
end
$$;
