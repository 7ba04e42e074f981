-- list_vendors() → the ids of all vendors
--
-- Why      Workers go through the vendors one after the other; nobody runs with a bypass.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.list_vendors()
returns setof uuid
language sql stable security definer set search_path = ''
as $$ select v.id from ringup.vendors v order by v.id $$;
