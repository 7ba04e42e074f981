-- set_cash_rule(vendor, step, mode, actor, by whom, approval) → nothing
--
-- Why      How a vendor rounds cash, where it is not as its currency's shops do. No step means: as they do.
-- Writes   cash_rules, approvals, audit_log.
-- Locks    The approval, then the vendor's rule.
-- Repeats  Safe.
-- Raises   RU204 amount_out_of_range · RU208 reason_missing, and what permit raises
create or replace function ringup.set_cash_rule(
    p_vendor_id uuid, p_step_minor bigint, p_mode text, p_actor text,
    p_by_staff_id uuid default null, p_approval_id uuid default null
)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
    v_before jsonb;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if p_step_minor not between 1 and 1000000 or (p_step_minor is null) <> (p_mode is null)
       or p_mode not in ('nearest', 'nearest_half_down', 'down') then
        raise exception using errcode = 'RU204',
            message = format('cash is not rounded to steps of %s by %s', p_step_minor, p_mode);
    end if;
    if coalesce(trim(p_actor), '') = '' then
        raise exception using errcode = 'RU208', message = 'a rule about money needs a name';
    end if;
    perform ringup.permit(p_vendor_id, p_by_staff_id, 'manage_settings', null, null, p_approval_id, 'cash rule');
    select jsonb_build_object('step_minor', r.step_minor, 'mode', r.mode) into v_before
      from ringup.cash_rules r
     where r.vendor_id = p_vendor_id
       for update;
    if p_step_minor is null then
        delete from ringup.cash_rules r where r.vendor_id = p_vendor_id;
    else
        insert into ringup.cash_rules (vendor_id, step_minor, mode, updated_at)
        values (p_vendor_id, p_step_minor, p_mode, ringup.now())
        on conflict (vendor_id) do update
           set step_minor = excluded.step_minor, mode = excluded.mode, updated_at = excluded.updated_at;
    end if;
    perform ringup.write_audit(p_vendor_id, p_actor, 'cash_rule_set', 'vendor', p_vendor_id::text, v_before,
                               jsonb_build_object('step_minor', p_step_minor, 'mode', p_mode));
end
$$;
