-- Every change of what is on hand or held, with what was there before and after.
create view ringup.stock_movements as
select m.vendor_id, m.id, m.location_id, l.code as location_code, m.product_id, p.sku, m.reason, m.on_hand_change,
       m.on_hand_after - m.on_hand_change as on_hand_before, m.on_hand_after, m.reserved_change,
       m.reserved_after - m.reserved_change as reserved_before, m.reserved_after, m.reference_type, m.reference_id,
       m.note, m.created_at
  from ringup.inventory_movements m
  join ringup.locations l on l.vendor_id = m.vendor_id and l.id = m.location_id
  join ringup.products p on p.vendor_id = m.vendor_id and p.id = m.product_id;
