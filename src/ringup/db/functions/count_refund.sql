-- count_refund(refund) → nothing
--
-- Why      What goes back belongs to a session by id, from which its reports are derived. If the refund's own session was
--          closed meanwhile, its numbers stand still: the refund is late, and counts where it finds a home.
-- Writes   payment_transactions (their session); for a late refund refunds, and what find_late_home writes.
-- Locks    The session row, last of all; for a late refund the register row before it.
-- Repeats  Not idempotent; called once, with the refund's completion.
-- Raises   RU004 register_not_found
create or replace function ringup.count_refund(p_refund ringup.refunds)
returns void
language plpgsql
as $$
declare
    v_session_id uuid := p_refund.register_session_id;
begin
    loop
        perform from ringup.register_sessions s
         where s.vendor_id = p_refund.vendor_id and s.id = v_session_id and s.closed_at is null
           for no key update;
        exit when found;
        v_session_id := ringup.find_late_home(p_refund.vendor_id, p_refund.register_id);
        update ringup.refunds r
           set register_session_id = v_session_id, began_session_id = p_refund.register_session_id
         where r.vendor_id = p_refund.vendor_id and r.id = p_refund.id;
    end loop;
    update ringup.payment_transactions p
       set register_session_id = v_session_id
     where p.vendor_id = p_refund.vendor_id and p.order_id = p_refund.order_id and p.refund_id = p_refund.id
       and p.status = 'approved';
end
$$;
