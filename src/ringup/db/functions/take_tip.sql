-- take_tip(payment, tip change) → the session in which the tip counts
--
-- Why      The card pays another tip than before: the payment, the order and the running totals of its session move by
--          the difference. If that session was closed meanwhile its numbers stand still, and the difference counts late.
-- Writes   payment_transactions, orders, order_events, register_sessions, audit_log.
-- Locks    The session row, last of all; the caller holds order → payment.
-- Repeats  Called once per change; record_tip sees to it.
-- Raises   RU101 transition_not_allowed
create or replace function ringup.take_tip(p_payment ringup.payment_transactions, p_tip ringup.tip_changes)
returns uuid
language plpgsql
as $$
declare
    v_more       constant bigint := p_tip.tip_minor - p_tip.before_minor;
    v_session_id uuid := p_payment.register_session_id;
    v_late       bigint := 0;
begin
    update ringup.payment_transactions p
       set amount_minor = p.amount_minor + v_more, approved_minor = p.approved_minor + v_more,
           tip_minor = p.tip_minor + v_more
     where p.vendor_id = p_payment.vendor_id and p.id = p_payment.id;
    update ringup.orders o
       set tip_minor = o.tip_minor + v_more, total_minor = o.total_minor + v_more
     where o.vendor_id = p_payment.vendor_id and o.id = p_payment.order_id;
    perform ringup.advance_order(
        p_payment.vendor_id, p_payment.order_id, 'tip_changed',
        jsonb_build_object('payment_id', p_payment.id, 'before_minor', p_tip.before_minor, 'tip_minor', p_tip.tip_minor,
                           'actor', p_tip.actor));
    perform ringup.write_audit(
        p_payment.vendor_id, p_tip.actor, 'tip_changed', 'payment', p_payment.id::text,
        jsonb_build_object('tip_minor', p_tip.before_minor), jsonb_build_object('tip_minor', p_tip.tip_minor));
    loop
        update ringup.register_sessions s
           set card_minor = s.card_minor + v_more
         where s.vendor_id = p_payment.vendor_id and s.id = v_session_id and s.closed_at is null;
        exit when found;
        v_session_id := ringup.find_late_home(p_payment.vendor_id, (
            select o.register_id from ringup.orders o
             where o.vendor_id = p_payment.vendor_id and o.id = p_payment.order_id));
        v_late := v_more;
    end loop;
    if v_late <> 0 then
        update ringup.payment_transactions p
           set late_tip_minor = p.late_tip_minor + v_late
         where p.vendor_id = p_payment.vendor_id and p.id = p_payment.id;
        update ringup.orders o
           set late_tip_minor = o.late_tip_minor + v_late
         where o.vendor_id = p_payment.vendor_id and o.id = p_payment.order_id;
    end if;
    return v_session_id;
end
$$;
