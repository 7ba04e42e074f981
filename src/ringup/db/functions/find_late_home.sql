-- find_late_home(vendor, register) → the session in which a sale counts whose own session was closed
--
-- Why      A sale in doubt never holds up the closing of a shift, and is never lost by it. It counts in the shift that is
--          open at the register when it completes; while none is, in a late session, which the next shift ends.
-- Writes   register_sessions (one row, where a late session begins); audit_log.
-- Locks    The register row, so that no shift opens or closes meanwhile.
-- Repeats  Safe.
-- Raises   RU004 register_not_found
create or replace function ringup.find_late_home(p_vendor_id uuid, p_register_id uuid)
returns uuid
language plpgsql
as $$
declare
    v_session_id uuid;
begin
    perform ringup.lock_register(p_vendor_id, p_register_id);
    select s.id into v_session_id
      from ringup.register_sessions s
     where s.vendor_id = p_vendor_id and s.register_id = p_register_id and s.closed_at is null
     order by s.kind desc
     limit 1;
    if not found then
        insert into ringup.register_sessions (
            vendor_id, id, register_id, kind, opened_by, opened_at, opening_float_minor)
        values (p_vendor_id, ringup.new_id(), p_register_id, 'late', 'ringup', ringup.now(), 0)
        returning id into v_session_id;
        perform ringup.write_audit(p_vendor_id, 'ringup', 'session_opened', 'register_session', v_session_id::text, null,
                                   jsonb_build_object('kind', 'late'));
    end if;
    return v_session_id;
end
$$;
