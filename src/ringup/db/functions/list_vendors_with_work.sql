-- list_vendors_with_work() → the vendors for whom something is due now
--
-- Why      An idle worker asks this once a round and nothing else. It goes through the vendors one after the
--          other, each under its own claim, and answers from the partial indexes of open work.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.list_vendors_with_work()
returns setof uuid
language plpgsql security definer set search_path = ''
as $$
declare
    -- In a variable, for the indexes: see claim_due_payments.
    v_now constant timestamptz := ringup.now();
    v_yesterday constant timestamptz := v_now - interval '1 day';
    v_vendor_id uuid;
begin
    for v_vendor_id in select v.id from ringup.vendors v order by v.id loop
        perform ringup.enter_vendor(v_vendor_id);
        if exists (select from ringup.payment_transactions p
                    where p.vendor_id = v_vendor_id and p.next_check_at <= v_now)
           or exists (select from ringup.orders o
                       where o.vendor_id = v_vendor_id and o.lease_until <= v_now
                         and o.status in ('pending_payment', 'payment_processing', 'payment_authorized'))
           or exists (select from ringup.refunds r
                       where r.vendor_id = v_vendor_id and r.status = 'open' and r.updated_at < v_yesterday
                         and not exists (select from ringup.reconciliation_items i
                                          where i.vendor_id = v_vendor_id and i.kind = 'refund_unfinished'
                                            and i.reference_id = r.id::text))
           or exists (select from ringup.payment_processors t
                       where t.vendor_id = v_vendor_id and t.is_active and t.next_health_check_at <= v_now) then
            return next v_vendor_id;
        end if;
    end loop;
end
$$;
