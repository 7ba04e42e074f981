-- end_late_session(vendor, register) → the late session that ended, or null
--
-- Why      What came in while no shift was open is closed when the next one begins, so that its numbers stand still too.
--          Nobody counted for it: its cash lies in the drawer that was counted before, or in the one counted next.
-- Writes   What end_session writes; audit_log.
-- Locks    The session row; the caller holds the register.
-- Repeats  Safe: a register has at most one.
-- Raises   Nothing.
create or replace function ringup.end_late_session(p_vendor_id uuid, p_register_id uuid)
returns uuid
language plpgsql
as $$
declare
    v_late ringup.register_sessions;
begin
    select * into v_late
      from ringup.register_sessions s
     where s.vendor_id = p_vendor_id and s.register_id = p_register_id and s.closed_at is null and s.kind = 'late'
       for no key update;
    if found then
        perform ringup.end_session(v_late, 'ringup', null);
        perform ringup.write_audit(p_vendor_id, 'ringup', 'session_closed', 'register_session', v_late.id::text, null,
                                   jsonb_build_object('kind', 'late'));
    end if;
    return v_late.id;
end
$$;
