-- Every version of every tax rate, with whether it is in force: the latest of its code that has begun, unless that ends it.
create view ringup.tax_rate_list as
select t.vendor_id,
       t.code || ':' || to_char(t.valid_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as id,
       t.code, t.valid_from, t.name, trim_scale(t.percent) as percent, t.is_included, t.is_compound, t.position,
       t.tax_categories, t.location_ids, t.is_active, t.created_at,
       t.is_active and t.valid_from <= ringup.now() and not exists (
           select from ringup.tax_rates n
            where n.vendor_id = t.vendor_id and n.code = t.code and n.valid_from > t.valid_from
              and n.valid_from <= ringup.now()) as is_in_force
  from ringup.tax_rates t;
