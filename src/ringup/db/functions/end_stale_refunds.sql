-- end_stale_refunds(vendor, limit) → how many
--
-- Why      A refund that nobody goes on with keeps its goods and its money from others. After a day, one of which nothing
--          went back is given up; one of which a part is back, a person is told of. What is in flight or in doubt has its
--          own claim, and ends neither way. That of an exchange ends with its sale.
-- Writes   refunds, payment_transactions, audit_log; reconciliation_items.
-- Locks    order → refund → payments, one refund after the other.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.end_stale_refunds(p_vendor_id uuid, p_limit integer)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    v_refund ringup.refunds;
    v_count  integer := 0;
begin
    perform ringup.enter_vendor(p_vendor_id);
    for v_refund in
        select r.* from ringup.refunds r
         where r.vendor_id = p_vendor_id and r.status = 'open' and r.updated_at < ringup.now() - interval '1 day'
           and coalesce(r.lease_until <= ringup.now(), true)
           and not exists (select from ringup.payment_transactions p
                            where p.vendor_id = p_vendor_id and p.order_id = r.order_id and p.refund_id = r.id
                              and p.status in ('processing', 'unknown'))
           and ringup.find_exchange(p_vendor_id, r.id) is null
           and not exists (select from ringup.reconciliation_items i
                            where i.vendor_id = p_vendor_id and i.kind = 'refund_unfinished'
                              and i.reference_id = r.id::text)
         order by r.id
         limit p_limit
    loop
        if exists (select from ringup.payment_transactions p
                    where p.vendor_id = p_vendor_id and p.order_id = v_refund.order_id
                      and p.refund_id = v_refund.id and p.status = 'approved') then
            perform ringup.raise_item(
                p_vendor_id, 'refund_unfinished', null, null, v_refund.id::text, v_refund.amount_minor,
                'a part of this refund is back, and nobody went on with the rest');
        else
            perform ringup.cancel_refund(p_vendor_id, v_refund.id, 'ringup');
        end if;
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
