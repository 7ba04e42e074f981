-- show_session_report(vendor, session, person, approval, actor) → the X report of an open session, the Z report of a closed
--
-- Why      At any time, and by the same code. While a shift is open, a person sees what its drawer should hold if their
--          role may, if another approves this one look, or if a count was good enough and no cash moved since.
-- Writes   approvals (one row) and audit_log (one row), where an approval is needed.
-- Locks    The approval.
-- Repeats  Safe; an approval is good for one look.
-- Raises   RU020 staff_not_found · RU040 session_not_found · RU501 action_denied · RU503 approval_refused
create or replace function ringup.show_session_report(
    p_vendor_id uuid, p_session_id uuid, p_staff_id uuid, p_approval_id uuid, p_actor text
)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_report jsonb;
    v_count  ringup.cash_counts;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_report := coalesce(ringup.kept_report(p_vendor_id, p_session_id), ringup.session_report(p_vendor_id, p_session_id));
    if v_report is null then
        raise exception using errcode = 'RU040', message = format('register session %s does not exist', p_session_id);
    end if;
    if v_report ->> 'type' = 'Z' or ringup.may_see_cash(p_vendor_id, p_staff_id) then
        return v_report;
    end if;
    if p_approval_id is not null then
        perform ringup.permit(p_vendor_id, p_staff_id, 'see_expected_cash', null, null, p_approval_id, p_session_id::text);
        perform ringup.write_audit(p_vendor_id, p_actor, 'see_expected_cash', 'register_session', p_session_id::text,
                                   null, null);
        return v_report;
    end if;
    v_count := ringup.last_count(p_vendor_id, p_session_id);
    return case
        when v_count.is_final and v_count.expected_minor = (v_report #>> '{cash,expected_minor}')::bigint then v_report
        else ringup.blind_report(v_report)
    end;
end
$$;
