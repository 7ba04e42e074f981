-- I11: nobody but the functions writes history, and its counters say that no row is missing.
create view ringup.audit_i11_history_is_kept as
select null::uuid as vendor_id, 'grant' as subject, g.grantee || ' on ' || g.table_name as subject_id,
       format('%s may %s', g.grantee, lower(g.privilege_type)) as problem
  from information_schema.role_table_grants g
 where g.table_schema = 'ringup' and g.grantee in ('ringup_app', 'ringup_operator', 'ringup_directory', 'PUBLIC')
   and g.privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')
union all
select c.vendor_id, 'customer', c.id::text,
       format('%s points entries, and %s are counted', count(t.id), c.loyalty_entries)
  from ringup.customers c
  left join ringup.loyalty_transactions t on t.vendor_id = c.vendor_id and t.customer_id = c.id
 group by c.vendor_id, c.id, c.loyalty_entries
having count(t.id) <> c.loyalty_entries
union all
select o.vendor_id, 'order', o.id::text, format('%s events, and %s are counted', count(e.id), o.event_count)
  from ringup.orders o
  left join ringup.order_events e on e.vendor_id = o.vendor_id and e.order_id = o.id
 group by o.vendor_id, o.id, o.event_count
having count(e.id) <> o.event_count;
