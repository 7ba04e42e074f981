-- How the vendor's prices are reckoned: without a row of its own, taxes are rounded on every line.
create view ringup.price_rules as
select v.id as vendor_id, coalesce(s.tax_rounding, 'line') as tax_rounding, s.updated_at
  from ringup.vendors v
  left join ringup.price_settings s on s.vendor_id = v.id
 where v.id = (select ringup.current_vendor())
    or (select pg_catalog.pg_has_role(current_user, 'ringup_operator', 'usage'));
