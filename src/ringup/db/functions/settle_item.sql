-- settle_item(vendor, kind, reference, resolution) → nothing
--
-- Why      What waited for a person was found out without one; nobody is to look for it any more.
-- Writes   reconciliation_items (at most one row).
-- Locks    The item's row; the caller holds order → payment.
-- Repeats  Safe: an item that a person closed keeps what was said then.
-- Raises   Nothing.
create or replace function ringup.settle_item(p_vendor_id uuid, p_kind text, p_reference_id text, p_resolution text)
returns void
language sql
as $$
    update ringup.reconciliation_items i
       set resolved_at = ringup.now(), resolved_by = 'ringup', resolution = p_resolution
     where i.vendor_id = p_vendor_id and i.kind = p_kind and i.reference_id = p_reference_id and i.resolved_at is null
$$;
