-- record_listed_charge(vendor, processor, reference, approved, tip, captured, voided, …) → what it turned out to be
--
-- Why      The other way round: the processor's own list says that money moved. If it is a payment of ours that we
--          thought uncharged, the late evidence counts; if we never asked for it, a person has to look.
--          Answers matched, found, amount_differs, unknown.
-- Writes   What record_outcome writes; or reconciliation_items.
-- Locks    order → payment → customer → inventory.
-- Repeats  Safe: what is known already changes nothing.
-- Raises   Nothing of its own.
create or replace function ringup.record_listed_charge(
    p_vendor_id uuid, p_processor_id uuid, p_reference_id text, p_approved_minor bigint, p_tip_minor bigint,
    p_captured boolean, p_voided boolean, p_auth_code text, p_card_brand text, p_card_last4 text,
    p_batch_number text, p_transaction_number text, p_host_reference text
)
returns text
language plpgsql security definer set search_path = ''
as $$
declare
    v_payment ringup.payment_transactions;
begin
    perform ringup.enter_vendor(p_vendor_id);
    select * into v_payment
      from ringup.payment_transactions p
     where p.vendor_id = p_vendor_id and p.reference_id = p_reference_id;
    if not found then
        if not p_voided then
            perform ringup.raise_item(
                p_vendor_id, 'charge_without_payment', p_processor_id, null, p_reference_id, p_approved_minor,
                'the processor charged a card that nobody here asked for');
        end if;
        return 'unknown';
    end if;
    if v_payment.status in ('created', 'unknown', 'declined', 'error') and not p_voided then
        perform ringup.record_outcome(
            p_vendor_id, v_payment.id,
            case when p_approved_minor < v_payment.amount_minor then 'partially_approved' else 'approved' end,
            p_approved_minor, p_tip_minor, p_captured, p_voided, p_auth_code, p_card_brand, p_card_last4,
            p_batch_number, p_transaction_number, p_host_reference, null, null, null);
        return 'found';
    end if;
    -- A list may be older than a tip: what is being changed, or just was, is compared the next time.
    if v_payment.status = 'approved' and v_payment.approved_minor <> p_approved_minor
       and not exists (select from ringup.tip_changes t
                        where t.vendor_id = p_vendor_id and t.payment_id = v_payment.id
                          and coalesce(t.settled_at > ringup.now() - interval '1 minute', true)) then
        perform ringup.raise_item(
            p_vendor_id, 'amount_differs', p_processor_id, v_payment.id, p_reference_id, p_approved_minor,
            format('the processor took %s, and we recorded %s', p_approved_minor, v_payment.approved_minor));
        return 'amount_differs';
    end if;
    return 'matched';
end
$$;
