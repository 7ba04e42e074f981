-- close_register_session(vendor, register, closed by, counted) → the session's id
--
-- Why      A shift ends: what was counted stands beside what the rows say should be there.
-- Writes   register_sessions, audit_log.
-- Locks    The session row.
-- Repeats  A register without an open session refuses.
-- Raises   RU104 session_closed · RU204 amount_out_of_range
create or replace function ringup.close_register_session(
    p_vendor_id uuid, p_register_id uuid, p_closed_by text, p_counted_minor bigint
)
returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
    v_session ringup.register_sessions;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if p_counted_minor not between 0 and 1000000000000 then
        raise exception using errcode = 'RU204', message = format('a count of %s is out of range', p_counted_minor);
    end if;
    update ringup.register_sessions s
       set closed_at = ringup.now(), closed_by = p_closed_by, counted_minor = p_counted_minor,
           expected_minor = s.opening_float_minor + s.cash_minor,
           variance_minor = p_counted_minor - s.opening_float_minor - s.cash_minor
     where s.vendor_id = p_vendor_id and s.register_id = p_register_id and s.closed_at is null
    returning s.* into v_session;
    if not found then
        raise exception using errcode = 'RU104', message = format('register %s has no open session', p_register_id);
    end if;
    perform ringup.write_audit(p_vendor_id, p_closed_by, 'session_closed', 'register_session', v_session.id::text,
                               null, jsonb_build_object('variance_minor', v_session.variance_minor));
    return v_session.id;
end
$$;
