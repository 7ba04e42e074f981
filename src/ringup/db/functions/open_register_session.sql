-- open_register_session(vendor, session, register, opened by, float) → nothing
--
-- Why      A shift begins. Every tender from here on belongs to it by id.
-- Writes   register_sessions, audit_log.
-- Locks    Nothing beyond its own row.
-- Repeats  A second open session at the register refuses.
-- Raises   RU004 register_not_found · RU105 session_already_open · RU204 amount_out_of_range
create or replace function ringup.open_register_session(
    p_vendor_id uuid, p_session_id uuid, p_register_id uuid, p_opened_by text, p_float_minor bigint
)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    if p_float_minor not between 0 and 1000000000000 then
        raise exception using errcode = 'RU204', message = format('a float of %s is out of range', p_float_minor);
    end if;
    if not exists (select from ringup.registers r
                    where r.vendor_id = p_vendor_id and r.id = p_register_id and r.is_active) then
        raise exception using errcode = 'RU004', message = format('register %s does not exist', p_register_id);
    end if;
    insert into ringup.register_sessions (vendor_id, id, register_id, opened_by, opened_at, opening_float_minor)
    values (p_vendor_id, p_session_id, p_register_id, p_opened_by, ringup.now(), p_float_minor)
    on conflict do nothing;
    if not found then
        raise exception using errcode = 'RU105', message = format('register %s has an open session', p_register_id);
    end if;
    perform ringup.write_audit(p_vendor_id, p_opened_by, 'session_opened', 'register_session', p_session_id::text,
                               null, jsonb_build_object('opening_float_minor', p_float_minor));
end
$$;
