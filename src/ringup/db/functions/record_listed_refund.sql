-- record_listed_refund(vendor, processor, reference, paid back, voided, …) → what it turned out to be
--
-- Why      The processor's own list says that a card was paid back. If it is an attempt of ours that we thought refused,
--          the late evidence counts; if we never asked for it, a person has to look.
--          Answers matched, found, amount_differs, unknown.
-- Writes   What record_outcome writes; or reconciliation_items.
-- Locks    order → payment, and what record_outcome locks.
-- Repeats  Safe: what is known already changes nothing.
-- Raises   Nothing of its own.
create or replace function ringup.record_listed_refund(
    p_vendor_id uuid, p_processor_id uuid, p_reference_id text, p_approved_minor bigint, p_voided boolean,
    p_auth_code text, p_card_brand text, p_card_last4 text,
    p_batch_number text, p_transaction_number text, p_host_reference text
)
returns text
language plpgsql security definer set search_path = ''
as $$
declare
    v_payment ringup.payment_transactions;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if p_voided then
        return 'matched';
    end if;
    select * into v_payment
      from ringup.payment_transactions p
     where p.vendor_id = p_vendor_id and p.reference_id = p_reference_id and p.kind = 'refund';
    if not found then
        perform ringup.raise_item(
            p_vendor_id, 'refund_without_payment', p_processor_id, null, p_reference_id, p_approved_minor,
            'the processor paid a card back, and nobody here asked for it');
        return 'unknown';
    end if;
    if v_payment.status in ('unknown', 'declined', 'error') then
        perform ringup.record_outcome(
            p_vendor_id, v_payment.id, 'approved', p_approved_minor, 0, true, false, p_auth_code, p_card_brand,
            p_card_last4, p_batch_number, p_transaction_number, p_host_reference, null, null, null);
        return 'found';
    end if;
    return case when v_payment.status = 'approved' and v_payment.approved_minor <> p_approved_minor
                then 'amount_differs' else 'matched' end;
end
$$;
