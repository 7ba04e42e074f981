-- cancel_checkout(vendor, order, event, code, reason) → the order's status and what to do next
--
-- Why      Somebody gives the sale up: the cashier ('cancelled'), or the engine because the terminal stayed
--          busy ('payment_refused'). While a payment is in flight or in doubt the wish is noted, and carried
--          out when that payment is found out.
-- Writes   What end_unpaid writes.
-- Locks    order → payments → customer → inventory.
-- Repeats  Safe: an order that has been given up stays as it is.
-- Raises   RU001 checkout_not_found · RU115 not_cancellable; and for an exchange what check_exchange_cancel raises
create or replace function ringup.cancel_checkout(
    p_vendor_id uuid, p_order_id uuid, p_event text, p_code text, p_reason text
)
returns table (status text, step text, payment_id uuid, processor_id uuid)
language plpgsql security definer set search_path = ''
as $$
declare
    v_order ringup.orders;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_order := ringup.lock_order(p_vendor_id, p_order_id);
    if v_order.status in ('completed', 'partially_refunded', 'refunded') then
        raise exception using errcode = 'RU115',
            message = format('the checkout is %s; what was paid comes back by a refund', v_order.status),
            detail = json_build_object('state', v_order.status)::text;
    end if;
    if v_order.status not in ('payment_failed', 'cancelled') then
        if v_order.exchange_refund_id is not null and p_code = 'checkout_cancelled' then
            perform ringup.check_exchange_cancel(v_order);
        end if;
        perform ringup.end_unpaid(p_vendor_id, p_order_id, p_event, p_code, p_reason);
    end if;
    return query
        select o.status, s.step, s.payment_id, s.processor_id
          from ringup.orders o, ringup.next_step(p_vendor_id, p_order_id) as s
         where o.vendor_id = p_vendor_id and o.id = p_order_id;
end
$$;
