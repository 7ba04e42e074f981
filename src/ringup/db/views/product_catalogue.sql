-- What is sold, at which price.
create view ringup.product_catalogue as
select p.vendor_id, p.id, p.sku, p.barcode, p.name, p.category, p.price_minor, v.currency, p.tracks_stock,
       p.is_active, p.tax_category, p.created_at, p.updated_at
  from ringup.products p
  join ringup.vendors v on v.id = p.vendor_id;
