-- refund_session(refund) → the shift that is open at the refund's register now
--
-- Why      A refund that was left open may be gone on with in a later shift, and that drawer then gives the money.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU104 session_closed
create or replace function ringup.refund_session(p_refund ringup.refunds)
returns uuid
language plpgsql stable
as $$
declare
    v_session_id uuid;
begin
    select s.id into v_session_id
      from ringup.register_sessions s
     where s.vendor_id = p_refund.vendor_id and s.register_id = p_refund.register_id and s.closed_at is null
       and s.kind = 'shift';
    if not found then
        raise exception using errcode = 'RU104',
            message = format('register %s has no open session', p_refund.register_id);
    end if;
    return v_session_id;
end
$$;
