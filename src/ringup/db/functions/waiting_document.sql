-- waiting_document(vendor, order) → the payment that the order waits for, in words for a cashier, or null
--
-- Why      While money is in doubt the one mistake to make is to charge again. So the checkout itself says which
--          terminal it waits for, since when, when somebody looks next, and whether the cart may be sold anew.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.waiting_document(p_vendor_id uuid, p_order_id uuid)
returns jsonb
language sql
as $$
    select jsonb_build_object(
               'payment_id', p.id, 'processor_id', p.payment_processor_id, 'processor_name', t.processor_name,
               'status', p.status, 'since', case p.status when 'voiding' then p.settled_at else p.sent_at end,
               'next_check_at', p.next_check_at, 'check_count', p.check_count,
               'may_sell_again', p.status = 'voiding',
               'message', case p.status
                   when 'processing' then format(
                       'Terminal %s was asked for the money and has not answered yet. Do not charge again.',
                       t.processor_name)
                   when 'unknown' then format(
                       'Terminal %s did not say whether it took the money. Do not charge again: it is being found out. '
                       'The next customer can pay at another terminal.', t.processor_name)
                   else format(
                       'The sale has ended. Terminal %s is asked to give the money back until it confirms. '
                       'The cart may be sold again, with a new key.', t.processor_name) end)
      from ringup.payment_transactions p
      left join ringup.payment_processors t on t.vendor_id = p_vendor_id and t.id = p.payment_processor_id
     where p.vendor_id = p_vendor_id and p.order_id = p_order_id and p.kind = 'charge'
       and p.status in ('processing', 'unknown', 'voiding')
     order by p.status = 'voiding', p.tender_number
     limit 1
$$;
