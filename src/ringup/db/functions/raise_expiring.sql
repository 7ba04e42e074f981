-- raise_expiring(vendor, payment) → whether a person is told now that the payment's authorisation is about to expire
--
-- Why      The money of a sale is only set aside, captures went on failing, and soon nobody can take it any more.
--          A person is told once, whatever becomes of the item.
-- Writes   reconciliation_items (at most one row).
-- Locks    Nothing beyond its own row.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.raise_expiring(p_vendor_id uuid, p_payment_id uuid)
returns boolean
language plpgsql
as $$
declare
    v_payment ringup.payment_transactions;
begin
    select p.* into v_payment
      from ringup.payment_transactions p
      join ringup.payment_processors t on t.vendor_id = p.vendor_id and t.id = p.payment_processor_id
     where p.vendor_id = p_vendor_id and p.id = p_payment_id
       and ringup.capture_alarm_at(p.settled_at, t.settings) <= ringup.now()
       and not exists (select from ringup.reconciliation_items i
                        where i.vendor_id = p.vendor_id and i.payment_id = p.id and i.kind = 'capture_expiring');
    if not found then
        return false;
    end if;
    return ringup.raise_item(
        p_vendor_id, 'capture_expiring', v_payment.payment_processor_id, p_payment_id, v_payment.reference_id,
        v_payment.approved_minor,
        format('approved at %s and still not captured; the authorisation is about to expire. The last try: %s',
               date_trunc('second', v_payment.settled_at), coalesce(v_payment.error_message, 'none yet')));
end
$$;
