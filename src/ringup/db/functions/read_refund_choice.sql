-- read_refund_choice(vendor, payment) → the charge it pays back, whether a void of that may be tried, its capture
--
-- Why      A void takes all of a charge back, so it is for a charge of which nothing else is paid back, and of which no
--          void was refused before. Whether the processor still has it open, only the processor knows.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU002 attempt_not_found
create or replace function ringup.read_refund_choice(p_vendor_id uuid, p_payment_id uuid)
returns table (charge_id uuid, may_void boolean, capture_status text)
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    return query
        select c.id, p.amount_minor = c.approved_minor
                     and not exists (select from ringup.payment_transactions q
                                      where q.vendor_id = p_vendor_id and q.refunds_payment_id = c.id
                                        and q.kind = 'refund' and q.id <> p.id
                                        and (q.status not in ('declined', 'error') or q.refund_way = 'void')),
               c.capture_status
          from ringup.payment_transactions p
          join ringup.payment_transactions c on c.vendor_id = p.vendor_id and c.id = p.refunds_payment_id
         where p.vendor_id = p_vendor_id and p.id = p_payment_id;
    if not found then
        raise exception using errcode = 'RU002', message = format('payment %s does not exist', p_payment_id);
    end if;
end
$$;
