-- check_tender_wanted(order) → nothing
--
-- Why      Tenders are added to a sale only while a part of it is paid, the rest is wanted, nothing of it is under
--          way, and the drawer into which it goes is open.
-- Writes   Nothing.
-- Locks    The caller holds the order.
-- Repeats  Safe.
-- Raises   RU104 session_closed · RU120 tender_not_wanted
create or replace function ringup.check_tender_wanted(p_order ringup.orders)
returns void
language plpgsql stable
as $$
begin
    if (select s.step from ringup.next_step(p_order.vendor_id, p_order.id) as s) <> 'tender'
       or p_order.hold_until <= ringup.now() then
        raise exception using errcode = 'RU120',
            message = case when p_order.due_minor > 0 and p_order.hold_until <= ringup.now()
                           then 'the time to pay the rest is over; what was paid goes back'
                           else format('the checkout is %s, and waits for no other tender', p_order.status) end,
            detail = json_build_object('checkout_id', p_order.id, 'state', p_order.status,
                                       'due_minor', p_order.due_minor)::text;
    end if;
    perform from ringup.register_sessions s
      where s.vendor_id = p_order.vendor_id and s.id = p_order.register_session_id and s.closed_at is null;
    if not found then
        raise exception using errcode = 'RU104',
            message = 'the session in which this sale began is closed; cancel it, and what was paid goes back';
    end if;
end
$$;
