-- open_register_session(vendor, session, register, opened by, float, currency, face values, quantities, person, approval)
-- → nothing
--
-- Why      A shift begins. Every tender from here on belongs to it by id. The float is a sum, or counted by
--          denomination, or both, which must then agree. A late session at the register ends, and stands in the
--          report of this shift.
-- Writes   register_sessions, cash_counts, cash_count_lines, approvals, audit_log; and what end_late_session writes.
-- Locks    The session's id, the approval, the register row, the late session.
-- Repeats  Safe: the same session again changes nothing. Another one at the register refuses while one is open.
-- Raises   RU004 register_not_found · RU020 staff_not_found · RU105 session_already_open · RU113 already_exists
--          · RU203 currency_mismatch · RU204 amount_out_of_range · RU240 count_invalid · RU501 action_denied
--          · RU502 approval_needed · RU503 approval_refused
create or replace function ringup.open_register_session(
    p_vendor_id uuid, p_session_id uuid, p_register_id uuid, p_opened_by text, p_float_minor bigint,
    p_currency text default null, p_faces bigint[] default null, p_quantities bigint[] default null,
    p_staff_id uuid default null, p_approval_id uuid default null
)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
    v_counted bigint := ringup.check_denominations(p_faces, p_quantities);
    v_float   bigint := coalesce(p_float_minor, case when p_faces is not null then v_counted end);
    v_is_same boolean;
    v_open    ringup.register_sessions;
begin
    perform ringup.enter_vendor(p_vendor_id);
    perform ringup.check_currency(p_vendor_id, p_currency);
    if coalesce(v_float not between 0 and 1000000000000, true) then
        raise exception using errcode = 'RU204', message = format('a float of %s is out of range', v_float);
    end if;
    if p_faces is not null and v_float <> v_counted then
        raise exception using errcode = 'RU240',
            message = format('the coins and notes come to %s, and the float is said to be %s', v_counted, v_float);
    end if;
    perform ringup.take_turn(p_session_id);
    select s.register_id = p_register_id and s.opening_float_minor = v_float and s.kind = 'shift' into v_is_same
      from ringup.register_sessions s
     where s.vendor_id = p_vendor_id and s.id = p_session_id;
    if v_is_same then
        return;
    elsif not v_is_same then
        raise exception using errcode = 'RU113', message = format('session %s is another one', p_session_id);
    end if;

    perform ringup.permit(p_vendor_id, p_staff_id, 'open_session', v_float, null, p_approval_id, p_session_id::text);
    perform ringup.lock_register(p_vendor_id, p_register_id);
    if not exists (select from ringup.registers r
                    where r.vendor_id = p_vendor_id and r.id = p_register_id and r.is_active) then
        raise exception using errcode = 'RU004', message = format('register %s does not exist', p_register_id);
    end if;
    select * into v_open
      from ringup.register_sessions s
     where s.vendor_id = p_vendor_id and s.register_id = p_register_id and s.closed_at is null and s.kind = 'shift';
    if found then
        raise exception using errcode = 'RU105',
            message = format('register %s has an open session, begun by %s', p_register_id, v_open.opened_by),
            detail = jsonb_build_object('register_session_id', v_open.id, 'opened_by', v_open.opened_by)::text;
    end if;
    insert into ringup.register_sessions (
        vendor_id, id, register_id, kind, opened_by, opened_at, opening_float_minor, late_session_id)
    values (p_vendor_id, p_session_id, p_register_id, 'shift', p_opened_by, ringup.now(), v_float,
            ringup.end_late_session(p_vendor_id, p_register_id));
    if p_faces is not null then
        perform ringup.write_count(p_vendor_id, p_session_id, p_session_id, 0, p_faces, p_quantities, v_float, null, true,
                                   p_opened_by);
    end if;
    perform ringup.write_audit(p_vendor_id, p_opened_by, 'session_opened', 'register_session', p_session_id::text,
                               null, jsonb_build_object('opening_float_minor', v_float));
end
$$;
