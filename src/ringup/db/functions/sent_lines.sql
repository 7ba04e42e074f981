-- sent_lines(vendor, transfer) → what was sent, by product id
--
-- Why      What an arrival is compared with.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.sent_lines(p_vendor_id uuid, p_transfer_id uuid)
returns ringup.stock_line[]
language sql stable
as $$
    select array_agg(row(p.id, p.sku, p.price_minor, l.quantity)::ringup.stock_line order by p.id)
      from ringup.stock_document_lines l
      join ringup.products p on p.vendor_id = l.vendor_id and p.id = l.product_id
     where l.vendor_id = p_vendor_id and l.document_id = p_transfer_id
$$;
