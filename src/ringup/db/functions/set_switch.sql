-- set_switch(vendor, name, on, actor) → whether it was turned
--
-- Why      Turns something off, or on again, for one vendor and from the next statement on. Sales go on either way.
-- Writes   feature_switches (one row); audit_log, if it was turned.
-- Locks    The switch's row.
-- Repeats  Safe: the second time nothing is turned.
-- Raises   RU008 vendor_not_found · RU011 switch_not_found · RU208 reason_missing
create or replace function ringup.set_switch(p_vendor_id uuid, p_name text, p_is_on boolean, p_actor text)
returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    v_was_on boolean;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(trim(p_actor), '') = '' or p_is_on is null then
        raise exception using errcode = 'RU208', message = 'a switch is turned by somebody, on or off';
    end if;
    begin
        insert into ringup.feature_switches (vendor_id, name, is_on, changed_by, changed_at)
        values (p_vendor_id, p_name, true, p_actor, ringup.now())
        on conflict do nothing;
    exception
        when check_violation then
            raise exception using errcode = 'RU011', message = format('there is no switch %s', p_name);
        when foreign_key_violation then
            raise exception using errcode = 'RU008', message = format('vendor %s does not exist', p_vendor_id);
    end;
    select s.is_on into v_was_on
      from ringup.feature_switches s
     where s.vendor_id = p_vendor_id and s.name = p_name
       for update;
    if v_was_on = p_is_on then
        return false;
    end if;
    update ringup.feature_switches s
       set is_on = p_is_on, changed_by = p_actor, changed_at = ringup.now()
     where s.vendor_id = p_vendor_id and s.name = p_name;
    perform ringup.write_audit(p_vendor_id, p_actor, 'switch_turned', 'feature_switch', p_name,
                               jsonb_build_object('is_on', v_was_on), jsonb_build_object('is_on', p_is_on));
    return true;
end
$$;
