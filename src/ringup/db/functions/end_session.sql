-- end_session(session, closed by, counted) → nothing
--
-- Why      A session ends with the next closure number of its register and a Z report, which is the X report of that
--          moment, kept for good. What should be in the drawer is derived from rows, here as everywhere.
-- Writes   register_sessions, registers (last_closure_number), z_reports.
-- Locks    The caller holds the register and the session.
-- Repeats  Not idempotent; callers look for their own repeats first.
-- Raises   Nothing.
create or replace function ringup.end_session(
    p_session ringup.register_sessions, p_closed_by text, p_counted_minor bigint
)
returns void
language plpgsql
as $$
declare
    v_number bigint;
begin
    update ringup.registers r
       set last_closure_number = r.last_closure_number + 1
     where r.vendor_id = p_session.vendor_id and r.id = p_session.register_id
    returning r.last_closure_number into v_number;
    update ringup.register_sessions s
       set closed_at = ringup.now(), closed_by = p_closed_by, closure_number = v_number,
           counted_minor = p_counted_minor, expected_minor = c.expected_minor,
           variance_minor = p_counted_minor - c.expected_minor
      from ringup.session_cash c
     where s.vendor_id = p_session.vendor_id and s.id = p_session.id
       and c.vendor_id = s.vendor_id and c.register_session_id = s.id;
    insert into ringup.z_reports (vendor_id, register_session_id, register_id, closure_number, report, created_at)
    values (p_session.vendor_id, p_session.id, p_session.register_id, v_number,
            ringup.session_report(p_session.vendor_id, p_session.id), ringup.now());
end
$$;
