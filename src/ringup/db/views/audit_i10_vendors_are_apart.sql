-- I10: every table with a vendor is under row-level security, enabled and forced, with a policy for that vendor.
create view ringup.audit_i10_vendors_are_apart as
select null::uuid as vendor_id, 'table' as subject, c.relname::text as subject_id,
       'row-level security is not enabled, not forced, or has no tenant policy' as problem
  from pg_catalog.pg_class c
 where c.relnamespace = 'ringup'::regnamespace and c.relkind in ('r', 'p')
   and exists (select from pg_catalog.pg_attribute a
                where a.attrelid = c.oid and a.attname = 'vendor_id' and not a.attisdropped)
   and not (c.relrowsecurity and c.relforcerowsecurity
            and exists (select from pg_catalog.pg_policy p
                         where p.polrelid = c.oid and p.polname = 'tenant'))
union all
select null::uuid, 'role', r.rolname::text, 'the application could bypass row-level security, or owns what it reads'
  from pg_catalog.pg_roles r
 where r.rolname in ('ringup_app', 'ringup_owner', 'ringup_directory') and (r.rolsuper or r.rolbypassrls)
union all
select p.vendor_id, 'payment', p.id::text, 'another vendor''s order'
  from ringup.payment_transactions p
 where not exists (select from ringup.orders o where o.vendor_id = p.vendor_id and o.id = p.order_id);
