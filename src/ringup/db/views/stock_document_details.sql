-- The lines of stock documents. The difference is to what was expected: what a count found more (or less), and what of
-- a transfer did not arrive.
create view ringup.stock_document_details as
select l.vendor_id, l.document_id, l.product_id, p.sku, p.name, l.quantity, l.expected,
       l.quantity - l.expected as difference, l.on_hand_before, l.on_hand_after, l.reserved
  from ringup.stock_document_lines l
  join ringup.products p on p.vendor_id = l.vendor_id and p.id = l.product_id;
