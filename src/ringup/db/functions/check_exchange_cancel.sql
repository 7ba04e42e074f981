-- check_exchange_cancel(new order) → nothing
--
-- Why      Somebody wants to give an exchange up whose money is on its way back, or is back: it has to go on.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the new order.
-- Repeats  Safe.
-- Raises   RU107 payment_in_doubt · RU153 refund_ended
create or replace function ringup.check_exchange_cancel(p_order ringup.orders)
returns void
language plpgsql
as $$
declare
    v_money text := ringup.exchange_money(p_order.vendor_id, p_order.exchange_refund_id);
begin
    if v_money = 'moving' then
        raise exception using errcode = 'RU107',
            message = 'a terminal was asked to pay this back and has not said whether it did; it must be found out first';
    elsif v_money = 'back' then
        raise exception using errcode = 'RU153',
            message = 'money of this exchange is back already; what is left of it has to be given back too',
            detail = json_build_object('refund_id', p_order.exchange_refund_id, 'state', 'open')::text;
    end if;
end
$$;
