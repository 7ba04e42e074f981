-- Who may call what, and who sees which rows. Applied on every migrate, after the functions and views,
-- so that nothing new is ever forgotten: the loops go over the catalogue, not over a list.

-- Names of this schema work unqualified for the roles people use.
alter role ringup_app set search_path = ringup, public;
alter role ringup_operator set search_path = ringup, public;

revoke all on schema ringup from public;
grant usage on schema ringup to ringup_viewer, ringup_app, ringup_operator, ringup_directory;
-- To become the owner of something in a schema takes the right to create there; it is taken back below.
grant create on schema ringup to ringup_viewer, ringup_directory;

do $$
declare
    v_name  text;
    v_entry boolean;
begin
    -- Every table of a vendor: its rows are seen and written under that vendor's claim alone.
    for v_name in
        select format('ringup.%I', c.relname)
          from pg_catalog.pg_class c
          join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = 'vendor_id' and not a.attisdropped
         where c.relnamespace = 'ringup'::regnamespace and c.relkind in ('r', 'p')
         order by c.relname
    loop
        execute format('alter table %s enable row level security', v_name);
        execute format('alter table %s force row level security', v_name);
        execute format('drop policy if exists tenant on %s', v_name);
        execute format('create policy tenant on %s using (vendor_id = (select ringup.current_vendor())) '
                       'with check (vendor_id = (select ringup.current_vendor()))', v_name);
        execute format('drop policy if exists operator_reads on %s', v_name);
        execute format('create policy operator_reads on %s for select to ringup_operator using (true)', v_name);
        -- A view reads with its owner's rights, and an operator sees all vendors through it. The owner of the functions
        -- has no such policy: each of their statements would pay for it.
        execute format('drop policy if exists operator_reads_views on %s', v_name);
        execute format('create policy operator_reads_views on %s for select to ringup_viewer '
                       'using ((select pg_catalog.pg_has_role(current_user, ''ringup_operator'', ''usage'')))', v_name);
    end loop;

    -- The operator reads every table and view; the application reads views, and calls entry functions.
    for v_name, v_entry in
        select format('ringup.%I', c.relname), c.relkind = 'v'
          from pg_catalog.pg_class c
         where c.relnamespace = 'ringup'::regnamespace and c.relkind in ('r', 'p', 'v')
    loop
        execute format('revoke all on %s from public, ringup_app, ringup_operator, ringup_directory', v_name);
        execute format('grant select on %s to ringup_operator, ringup_viewer', v_name);
        if v_entry then
            execute format('alter view %s owner to ringup_viewer', v_name);
            execute format('grant select on %s to ringup_owner, ringup_app', v_name);
        end if;
    end loop;

    -- Entry functions are those that run with the owner's rights. The rest are theirs to call.
    for v_name, v_entry in
        select format('ringup.%I(%s)', p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)), p.prosecdef
          from pg_catalog.pg_proc p
         where p.pronamespace = 'ringup'::regnamespace
    loop
        execute format('revoke all on function %s from public, ringup_app, ringup_operator, ringup_directory', v_name);
        if v_entry then
            execute format('grant execute on function %s to ringup_app', v_name);
        end if;
    end loop;
end
$$;

-- What the policies themselves ask, and what a view shows by calling.
grant execute on function ringup.current_vendor() to public;
grant execute on function ringup.claimed_vendor() to public;
grant execute on function ringup.now() to ringup_app, ringup_operator, ringup_directory;
grant execute on function ringup.health_colour(text, timestamptz) to ringup_app, ringup_operator;
grant execute on function ringup.is_in_doubt(text, timestamptz) to ringup_app, ringup_operator;
grant execute on function ringup.capture_alarm_at(timestamptz, jsonb) to ringup_app, ringup_operator;
grant execute on function ringup.cart_key(uuid, integer) to ringup_app, ringup_operator;

-- The functions that outside callers use (edge functions, reports, psql).
grant execute on function ringup.update_customer_loyalty_points_atomic(uuid, integer, integer, uuid, numeric)
    to ringup_operator;
grant execute on function ringup.calculate_loyalty_points_to_earn(uuid, numeric) to ringup_operator;
grant execute on function ringup.find_orphaned_payments() to ringup_operator;
grant execute on function ringup.cleanup_stale_pending_orders(integer) to ringup_operator;

-- Two look-ups come before the vendor is known. Their owner sees which vendor an id belongs to, and nothing else.
grant select (vendor_id, id) on ringup.customers to ringup_directory;
grant select (vendor_id, id, prefix, secret_hash, scopes, expires_at, revoked_at) on ringup.api_keys
    to ringup_directory;
drop policy if exists directory_reads on ringup.customers;
create policy directory_reads on ringup.customers for select to ringup_directory using (true);
drop policy if exists directory_reads on ringup.api_keys;
create policy directory_reads on ringup.api_keys for select to ringup_directory using (true);
alter function ringup.vendor_of_customer(uuid) owner to ringup_directory;
alter function ringup.find_api_keys(text) owner to ringup_directory;
revoke create on schema ringup from ringup_viewer, ringup_directory;
grant execute on function ringup.vendor_of_customer(uuid) to ringup_owner;
