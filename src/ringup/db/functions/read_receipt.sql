-- read_receipt(vendor, order) → the sale as its receipt tells it, or null
--
-- Why      The checkout's document with what only paper needs: the store and its lines, the till, the time on
--          the store's clock, and how many digits the currency's minor unit has.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing; null for an order that does not exist.
create or replace function ringup.read_receipt(p_vendor_id uuid, p_order_id uuid)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    return (
        select ringup.checkout_document(p_vendor_id, p_order_id) || jsonb_build_object(
                   'currency_exponent', c.exponent, 'vendor_name', v.name, 'location_name', l.name,
                   'register_name', r.name, 'header', coalesce(t.header, ''), 'footer', coalesce(t.footer, ''),
                   'sold_at', to_char(coalesce(o.completed_at, o.updated_at) at time zone v.time_zone,
                                      'YYYY-MM-DD HH24:MI'),
                   'print_count', (select count(*) from ringup.receipt_prints p
                                    where p.vendor_id = p_vendor_id and p.order_id = p_order_id))
          from ringup.orders o
          join ringup.vendors v on v.id = o.vendor_id
          join ringup.currencies c on c.code = o.currency
          join ringup.locations l on l.vendor_id = o.vendor_id and l.id = o.location_id
          join ringup.registers r on r.vendor_id = o.vendor_id and r.id = o.register_id
          left join ringup.receipt_texts t on t.vendor_id = o.vendor_id and t.location_id = o.location_id
         where o.vendor_id = p_vendor_id and o.id = p_order_id);
end
$$;
