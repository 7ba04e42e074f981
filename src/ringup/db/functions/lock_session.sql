-- lock_session(vendor, session) → the session row, locked
--
-- Why      What is in a drawer changes one step at a time, and not while the shift is being closed.
-- Writes   Nothing.
-- Locks    The session row, last of all.
-- Repeats  Safe.
-- Raises   RU040 session_not_found · RU104 session_closed, also for a late session, which has no drawer
create or replace function ringup.lock_session(p_vendor_id uuid, p_session_id uuid)
returns ringup.register_sessions
language plpgsql
as $$
declare
    v_session ringup.register_sessions;
begin
    select * into v_session
      from ringup.register_sessions s
     where s.vendor_id = p_vendor_id and s.id = p_session_id
       for no key update;
    if not found then
        raise exception using errcode = 'RU040', message = format('register session %s does not exist', p_session_id);
    end if;
    if v_session.closed_at is not null or v_session.kind <> 'shift' then
        raise exception using errcode = 'RU104',
            message = case when v_session.kind = 'late' then 'a late session has no drawer'
                           else format('the session was closed by %s', v_session.closed_by) end,
            detail = jsonb_build_object('register_session_id', p_session_id, 'closed_at', v_session.closed_at)::text;
    end if;
    return v_session;
end
$$;
