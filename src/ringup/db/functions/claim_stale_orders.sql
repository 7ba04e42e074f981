-- claim_stale_orders(vendor, limit, lease seconds) → open orders that nobody is driving, and what to do with each
--
-- Why      A process that died between two steps leaves an order whose lease has run out. If its money is there it
--          is completed. If a terminal is still to be asked, or another tender to be added, the order is left to its
--          client, who may take over at any time, until its holds run out. Payments in flight or in doubt have their own
--          claim. An exchange is left alone while what comes back waits for a terminal or a clerk, likewise.
-- Writes   orders (lease_until).
-- Locks    The claimed rows, skipping those that others hold.
-- Repeats  Safe: two workers claim different rows.
-- Raises   Nothing.
create or replace function ringup.claim_stale_orders(p_vendor_id uuid, p_limit integer, p_lease_seconds integer)
returns table (order_id uuid, step text)
language plpgsql security definer set search_path = ''
as $$
declare
    -- In a variable, for the index: see claim_due_payments.
    v_now constant timestamptz := ringup.now();
begin
    perform ringup.enter_vendor(p_vendor_id);
    return query
        with stale as materialized (
            select o.id
              from ringup.orders o
             where o.vendor_id = p_vendor_id and o.lease_until <= v_now
               and o.status in ('pending_payment', 'payment_processing', 'payment_authorized')
               and not (o.due_minor > 0 and o.hold_until > v_now and o.cancel_event is null)
               and not exists (
                   select from ringup.payment_transactions p
                    where p.vendor_id = p_vendor_id and p.order_id = o.id
                      and (p.status in ('processing', 'unknown')
                           or (p.status = 'created' and p.tender_type = 'card'
                               and o.hold_until > v_now and o.cancel_event is null)))
               and (o.exchange_refund_id is null or exists (
                   select from ringup.next_refund_step(p_vendor_id, o.exchange_refund_id) as r
                    where r.step not in ('look_up', 'undo') and (r.step = 'finish' or o.hold_until <= v_now)))
             order by o.lease_until
             limit p_limit
               for no key update skip locked
        ), claimed as (
            update ringup.orders o
               set lease_until = v_now + make_interval(secs => p_lease_seconds)
              from stale t
             where o.vendor_id = p_vendor_id and o.id = t.id
            returning o.id, o.hold_until
        )
        select c.id,
               case when s.step in ('charge', 'tender', 'pay_back', 'other_tender') and c.hold_until <= v_now
                    then 'expire' else s.step end
          from claimed c, ringup.next_step(p_vendor_id, c.id) as s;
end
$$;
