-- The roles of the whole server, made by whoever migrates first. None of them can log in: a login is the
-- operator's to make, and `grant ringup_app to ...` is what it takes. What each may do is in roles.sql.
do $$
declare
    v_role text;
begin
    foreach v_role in array array[
        'ringup_owner', 'ringup_viewer', 'ringup_app', 'ringup_operator', 'ringup_directory'
    ] loop
        begin
            if not exists (select from pg_catalog.pg_roles r where r.rolname = v_role) then
                execute format('create role %I nologin', v_role);
            end if;
        exception when duplicate_object or unique_violation then
            null; -- somebody made it for another database of this server at the same moment
        end;
    end loop;

    -- Who creates a role may grant it, but is not a member of it, and only a member may act as the owner.
    if not (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user) then
        execute format('grant ringup_owner, ringup_viewer, ringup_directory, ringup_app to %I', current_user);
    end if;
end
$$;
