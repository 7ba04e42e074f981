-- refundable_charges(order) → the sale's charges in their order, and how much of each can still go back
--
-- Why      Never more than was captured. An attempt to pay back counts from the moment it is planned, and until it is
--          known not to have paid anything. Amounts are without rounding: what was paid in cash goes back as it was
--          before it was rounded, and is rounded anew.
-- Writes   Nothing.
-- Locks    Nothing; who relies on it holds the order, and every attempt is planned under that lock.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.refundable_charges(p_order ringup.orders)
returns table (charge_id uuid, tender_number integer, tender_type text, processor_id uuid, left_minor bigint)
language plpgsql stable
as $$
begin
    return query
        select c.id, c.tender_number, c.tender_type, c.payment_processor_id,
               case when c.capture_status = 'failed' then 0 else c.unrounded_minor - coalesce(b.minor, 0) end
          from (select p.id, p.tender_number, p.tender_type, p.payment_processor_id, p.capture_status,
                       case when p.tender_type <> 'cash' then p.approved_minor
                            -- Rounding is the last cash tender's; where that is too small for it, those before give way.
                            else least(greatest(sum(p.approved_minor) over every - p_order.cash_rounding_minor
                                                - sum(p.approved_minor) over upto + p.approved_minor, 0),
                                       case when lead(p.id) over upto is not null then p.approved_minor end)
                       end::bigint as unrounded_minor
                  from ringup.payment_transactions p
                 where p.vendor_id = p_order.vendor_id and p.order_id = p_order.id and p.kind = 'charge'
                   and p.status = 'approved'
                window every as (partition by p.tender_type),
                       upto as (partition by p.tender_type order by p.tender_number)) as c
          left join (select q.refunds_payment_id,
                            sum(coalesce(q.approved_minor, q.amount_minor) - q.rounding_minor)::bigint as minor
                       from ringup.payment_transactions q
                      where q.vendor_id = p_order.vendor_id and q.order_id = p_order.id and q.kind = 'refund'
                        and q.status not in ('declined', 'error')
                      group by q.refunds_payment_id) as b on b.refunds_payment_id = c.id
         order by c.tender_number;
end
$$;
