-- find_orphaned_payments() → approved money without a completed order, and not being given back
--
-- Why      The list that must be empty. Money of a checkout that somebody is driving right now, or
--          that its client may still go on with, is not orphaned, nor is money that a person gave back by hand and
--          closed the item of. Without a claimed vendor it looks at every vendor, one after the other.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.find_orphaned_payments()
returns table (
    vendor_id uuid, payment_id uuid, order_id uuid, payment_processor_id uuid, reference_id text,
    amount_minor bigint, approved_minor bigint, currency text, order_status text, created_at timestamptz
)
language plpgsql security definer set search_path = ''
as $$
declare
    v_vendor_id uuid;
    v_claimed   uuid := ringup.current_vendor();
begin
    for v_vendor_id in select v.id from ringup.vendors v where v.id = v_claimed or v_claimed is null order by v.id loop
        perform ringup.enter_vendor(v_vendor_id);
        return query
            select p.vendor_id, p.id, p.order_id, p.payment_processor_id, p.reference_id,
                   p.amount_minor, p.approved_minor, p.currency, o.status, p.created_at
              from ringup.payment_transactions p
              join ringup.orders o on o.vendor_id = p.vendor_id and o.id = p.order_id
             where p.vendor_id = v_vendor_id and p.kind = 'charge' and p.status = 'approved'
               and o.status not in ('completed', 'partially_refunded', 'refunded')
               and coalesce(o.lease_until <= ringup.now(), true)
               and not (o.status = 'payment_processing' and o.hold_until > ringup.now()
                        and (o.due_minor > 0
                             or exists (select from ringup.payment_transactions c
                                         where c.vendor_id = v_vendor_id and c.order_id = o.id
                                           and c.status = 'created')))
               and not exists (select from ringup.reconciliation_items i
                                where i.vendor_id = v_vendor_id and i.payment_id = p.id and i.resolved_at is not null)
             order by p.created_at;
    end loop;
    perform pg_catalog.set_config('ringup.vendor_id', coalesce(v_claimed::text, ''), true);
end
$$;
