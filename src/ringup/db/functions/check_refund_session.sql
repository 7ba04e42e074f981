-- check_refund_session(refund) → nothing
--
-- Why      A drawer that was counted while the refund was being written gives nothing any more. Asked last, because
--          sessions are locked last.
-- Writes   Nothing.
-- Locks    The session row.
-- Repeats  Safe.
-- Raises   RU104 session_closed
create or replace function ringup.check_refund_session(p_refund ringup.refunds)
returns void
language plpgsql
as $$
begin
    perform from ringup.register_sessions s
     where s.vendor_id = p_refund.vendor_id and s.id = p_refund.register_session_id and s.closed_at is null and s.kind = 'shift'
       for no key update;
    if not found then
        raise exception using errcode = 'RU104',
            message = format('register %s has no open session', p_refund.register_id);
    end if;
end
$$;
