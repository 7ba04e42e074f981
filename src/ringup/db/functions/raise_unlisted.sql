-- raise_unlisted(vendor, processor, batch, references) → how many approved payments the processor does not list
--
-- Why      Orders without money: we recorded an approval in this batch, and the processor's own list of the batch
--          does not have it. A person has to look; nothing is undone.
-- Writes   reconciliation_items.
-- Locks    Nothing beyond its own rows.
-- Repeats  Safe: each waits once.
-- Raises   Nothing.
create or replace function ringup.raise_unlisted(
    p_vendor_id uuid, p_processor_id uuid, p_batch_number text, p_references text[]
)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    v_payment ringup.payment_transactions;
    v_count   integer := 0;
begin
    perform ringup.enter_vendor(p_vendor_id);
    for v_payment in
        select *
          from ringup.payment_transactions p
         where p.vendor_id = p_vendor_id and p.payment_processor_id = p_processor_id
           and p.kind = 'charge' and p.status = 'approved' and p.batch_number = p_batch_number
           and p.settled_at < ringup.now() - interval '1 minute'
           and p.reference_id <> all (p_references)
           and not exists (select from ringup.payment_transactions q
                            where q.vendor_id = p_vendor_id and q.refunds_payment_id = p.id and q.refund_way = 'void'
                              and q.status = 'approved')
    loop
        perform ringup.raise_item(
            p_vendor_id, 'not_at_processor', p_processor_id, v_payment.id, v_payment.reference_id,
            v_payment.approved_minor, 'approved here, and not in the processor''s list of the batch');
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
