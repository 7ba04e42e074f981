-- next_step(vendor, order) → what is to be done for this order now, on which payment and terminal
--
-- Why      The one place that says how a checkout goes on, for the cashier's request and for
--          recovery alike: charge, look_up, complete, cancel, void, capture, or done.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing; no row for an order that does not exist.
create or replace function ringup.next_step(p_vendor_id uuid, p_order_id uuid)
returns table (step text, payment_id uuid, processor_id uuid)
language sql
as $$
    -- The terminal comes with its payment: joined on a payment that is computed, every payment of the vendor is read.
    select n.step, (n.payment).id, (n.payment).payment_processor_id
      from (
        select case
                   when not t.is_open then case when (p.to_void).id is not null then 'void'
                                                when (p.in_flight).id is not null then 'look_up'
                                                when (p.to_capture).id is not null then 'capture'
                                                else 'done' end
                   when (p.in_flight).id is not null then 'look_up'
                   when t.cancel_event is not null then 'cancel'
                   when (p.to_charge).id is not null then 'charge'
                   else 'complete'
               end as step,
               case when t.is_open then coalesce(p.in_flight, p.to_charge)
                    else coalesce(p.to_void, p.in_flight, p.to_capture) end as payment
          from (select o.status in ('pending_payment', 'payment_processing', 'payment_authorized') as is_open,
                       o.cancel_event
                  from ringup.orders o
                 where o.vendor_id = p_vendor_id and o.id = p_order_id) as t,
               (select (array_agg(q order by q.tender_number) filter (
                            where q.status in ('processing', 'unknown')))[1] as in_flight,
                       (array_agg(q order by q.tender_number) filter (
                            where q.status = 'created' and q.tender_type = 'card'))[1] as to_charge,
                       (array_agg(q order by q.tender_number) filter (
                            where q.status = 'voiding'))[1] as to_void,
                       (array_agg(q order by q.tender_number) filter (
                            where q.status = 'approved' and q.capture_status = 'pending'))[1] as to_capture
                  from ringup.payment_transactions q
                 where q.vendor_id = p_vendor_id and q.order_id = p_order_id) as p) as n
$$;
