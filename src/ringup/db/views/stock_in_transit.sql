-- What left one store and has not arrived at the other: nobody's to sell.
create view ringup.stock_in_transit as
select d.vendor_id, d.id as transfer_id, d.location_id, d.to_location_id, l.product_id, l.quantity, d.created_at
  from ringup.stock_documents d
  join ringup.stock_document_lines l on l.vendor_id = d.vendor_id and l.document_id = d.id
 where d.kind = 'sending'
   and not exists (select from ringup.stock_documents a where a.vendor_id = d.vendor_id and a.sending_id = d.id);
