-- next_refund_step(vendor, refund) → what is to be done for this refund now, on which payment and terminal
--
-- Why      The one place that says how a refund goes on, for the clerk's request and for recovery alike: look_up or undo
--          (an attempt is under way or in doubt), refund (a terminal is to be asked), other_tender (an attempt was refused:
--          a person says how the money goes back), finish, or done.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing; no row for a refund that does not exist.
create or replace function ringup.next_refund_step(p_vendor_id uuid, p_refund_id uuid)
returns table (status text, step text, payment_id uuid, processor_id uuid)
language plpgsql stable
as $$
begin
    return query
        select r.status,
               case when q.does is not null then q.does
                    when r.status <> 'open' then 'done'
                    when exists (select from ringup.refund_rest(p_vendor_id, p_refund_id)) then 'other_tender'
                    else 'finish' end,
               q.id, q.payment_processor_id
          from ringup.refunds r
          left join lateral (
                select p.id, p.payment_processor_id, d.does
                  from ringup.payment_transactions p,
                       lateral (select case
                                    when p.status in ('processing', 'unknown')
                                        then case p.refund_way when 'void' then 'undo' else 'look_up' end
                                    when p.status = 'created' and p.tender_type = 'card' and r.status = 'open'
                                        then 'refund'
                                end as does) as d
                 where p.vendor_id = p_vendor_id and p.order_id = r.order_id and p.refund_id = r.id
                   and d.does is not null
                 order by d.does = 'refund', p.tender_number
                 limit 1) as q on true
         where r.vendor_id = p_vendor_id and r.id = p_refund_id;
end
$$;
