-- close_register_session(vendor, session, count, closed by, person, approval) → the Z report
--
-- Why      A shift ends: what was counted stands beside what the rows say should be there. It never waits for a sale
--          that is under way or in doubt: the report names it, and it counts in the session in which it completes.
--          Closing wants the last count, good enough and still true: if cash moved since, the drawer is counted again.
--          What a person may close alone can be limited by how much the drawer is off.
-- Writes   register_sessions, registers, z_reports, approvals, audit_log.
-- Locks    The session's id, the approval, the register row, the session row. A sale that completes at this moment
--          either stands before it, and is in the report, or behind it, and is late.
-- Repeats  Safe: closing again with the same count answers the same report. With another count it refuses.
-- Raises   RU020 staff_not_found · RU040 session_not_found · RU104 session_closed · RU140 count_wanted
--          · RU501 action_denied · RU502 approval_needed · RU503 approval_refused
create or replace function ringup.close_register_session(
    p_vendor_id uuid, p_session_id uuid, p_count_id uuid, p_closed_by text, p_staff_id uuid, p_approval_id uuid
)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_session ringup.register_sessions;
    v_count   ringup.cash_counts;
    v_problem text;
begin
    perform ringup.enter_vendor(p_vendor_id);
    perform ringup.take_turn(p_session_id);
    v_count := ringup.last_count(p_vendor_id, p_session_id);
    select * into v_session from ringup.register_sessions s where s.vendor_id = p_vendor_id and s.id = p_session_id;
    if v_session.closed_at is null or v_count.id is distinct from p_count_id then
        if v_session.closed_at is null and v_count.is_final then
            perform ringup.permit(
                p_vendor_id, p_staff_id, 'close_session', abs(v_count.counted_minor - v_count.expected_minor), null,
                p_approval_id, p_session_id::text);
            perform ringup.lock_register(p_vendor_id, v_session.register_id);
        end if;
        v_session := ringup.lock_session(p_vendor_id, p_session_id);
        select case when v_count.id is null then 'the drawer was not counted yet'
                    when p_count_id is distinct from v_count.id
                         or v_count.id is distinct from (ringup.last_count(p_vendor_id, p_session_id)).id
                        then 'there is a later count'
                    when not v_count.is_final then 'the drawer is off by too much: count it once more'
                    when v_count.expected_minor <> c.expected_minor
                        then 'cash moved since the drawer was counted: count it again'
               end
          into v_problem
          from ringup.session_cash c
         where c.vendor_id = p_vendor_id and c.register_session_id = p_session_id;
        if v_problem is not null then
            raise exception using errcode = 'RU140', message = v_problem,
                detail = jsonb_build_object('register_session_id', p_session_id, 'last_count_id', v_count.id)::text;
        end if;
        perform ringup.end_session(v_session, p_closed_by, v_count.counted_minor);
        perform ringup.write_audit(
            p_vendor_id, p_closed_by, 'session_closed', 'register_session', p_session_id::text, null,
            jsonb_build_object('variance_minor', v_count.counted_minor - v_count.expected_minor));
    end if;
    return ringup.kept_report(p_vendor_id, p_session_id);
end
$$;
