-- read_refund_receipt(vendor, refund) → the refund as its receipt tells it, or null
--
-- Why      The refund's document with what only paper needs: the store and its lines, the till, the time on the
--          store's clock, and how many digits the currency's minor unit has.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing; null for a refund that does not exist.
create or replace function ringup.read_refund_receipt(p_vendor_id uuid, p_refund_id uuid)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    return (
        select ringup.refund_document(p_vendor_id, p_refund_id) || jsonb_build_object(
                   'currency_exponent', c.exponent, 'vendor_name', v.name, 'location_name', l.name,
                   'register_name', t.name, 'header', coalesce(x.header, ''), 'footer', coalesce(x.footer, ''),
                   'refunded_at', to_char(coalesce(r.completed_at, r.updated_at) at time zone v.time_zone,
                                          'YYYY-MM-DD HH24:MI'))
          from ringup.refunds r
          join ringup.vendors v on v.id = r.vendor_id
          join ringup.currencies c on c.code = r.currency
          join ringup.locations l on l.vendor_id = r.vendor_id and l.id = r.location_id
          join ringup.registers t on t.vendor_id = r.vendor_id and t.id = r.register_id
          left join ringup.receipt_texts x on x.vendor_id = r.vendor_id and x.location_id = r.location_id
         where r.vendor_id = p_vendor_id and r.id = p_refund_id);
end
$$;
