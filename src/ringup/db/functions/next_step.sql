-- next_step(vendor, order) → what is to be done for this order now, on which payment and terminal
--
-- Why      The one place that says how a checkout goes on, for the cashier's request and for
--          recovery alike: charge, look_up, tender (the client's turn: a part is paid, and the rest is wanted),
--          complete, cancel, void, capture, or done. A refund has next_refund_step. An exchange also has pay_back
--          (a terminal is to give back what is over) and other_tender (it refused, and a person says how).
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing; no row for an order that does not exist.
create or replace function ringup.next_step(p_vendor_id uuid, p_order_id uuid)
returns table (step text, payment_id uuid, processor_id uuid)
language sql stable
as $$
    select case
               when t.is_open and q.does = 'look_up' then 'look_up'
               when t.is_open and t.cancel_event is not null then 'cancel'
               else coalesce(q.does, case when t.is_open and t.due_minor > 0 then 'tender' end, x.does,
                             case when t.is_open then 'complete' else 'done' end)
           end,
           coalesce(q.id, x.payment_id), coalesce(q.payment_processor_id, x.processor_id)
      from (select o.status in ('pending_payment', 'payment_processing', 'payment_authorized') as is_open,
                   o.cancel_event, o.due_minor, o.exchange_refund_id
              from ringup.orders o
             where o.vendor_id = p_vendor_id and o.id = p_order_id) as t
      left join lateral (
            select p.id, p.payment_processor_id, d.does
              from ringup.payment_transactions p,
                   lateral (select case
                                when p.status = 'voiding' and not t.is_open then 'void'
                                when p.status in ('processing', 'unknown') then 'look_up'
                                when p.status = 'created' and p.tender_type = 'card' and t.is_open then 'charge'
                                when p.status = 'approved' and p.capture_status = 'pending' and not t.is_open
                                    then 'capture'
                            end as does) as d
             where p.vendor_id = p_vendor_id and p.order_id = p_order_id and p.kind = 'charge' and d.does is not null
             order by array_position(array['void', 'look_up', 'charge', 'capture'], d.does), p.tender_number
             limit 1) as q on true
      left join lateral (
            select case r.step when 'refund' then 'pay_back' when 'undo' then 'look_up' else r.step end as does,
                   r.payment_id, r.processor_id
              -- Most sales are no exchange, and are asked nothing more: `offset` keeps the planner from asking first.
              from (select t.exchange_refund_id as id
                     where t.exchange_refund_id is not null and t.is_open and q.does is null
                    offset 0) as e,
                   lateral ringup.next_refund_step(p_vendor_id, e.id) as r
             where r.step <> 'finish') as x on true
$$;
