-- raise_item(vendor, kind, processor, payment, reference, amount, detail) → whether it is new
--
-- Why      What no rule can settle waits for a person, once, however often it is found.
-- Writes   reconciliation_items (at most one row).
-- Locks    Nothing beyond its own row.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.raise_item(
    p_vendor_id uuid, p_kind text, p_processor_id uuid, p_payment_id uuid, p_reference_id text,
    p_amount_minor bigint, p_detail text
)
returns boolean
language plpgsql
as $$
begin
    insert into ringup.reconciliation_items (
        vendor_id, id, kind, payment_processor_id, payment_id, reference_id, amount_minor, detail, created_at)
    values (
        p_vendor_id, ringup.new_id(), p_kind, p_processor_id, p_payment_id, p_reference_id,
        p_amount_minor, left(p_detail, 500), ringup.now())
    on conflict (vendor_id, kind, reference_id) where resolved_at is null do nothing;
    return found;
end
$$;
