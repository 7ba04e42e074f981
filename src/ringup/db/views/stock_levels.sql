-- What is where, and how much of it may still be sold.
create view ringup.stock_levels as
select i.vendor_id, i.location_id, i.product_id, p.sku, p.name, i.on_hand, i.reserved,
       i.on_hand - i.reserved as available
  from ringup.inventory i
  join ringup.products p on p.vendor_id = i.vendor_id and p.id = i.product_id;
