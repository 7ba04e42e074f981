-- current_vendor() → whose rows this statement may see, or null
--
-- Why      Every row-level policy asks this, once per statement. Where a token was verified, its
--          claims decide alone; else what an entry function or the application said.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing of ours.
create or replace function ringup.current_vendor()
returns uuid
language sql stable
as $$
    select case
        when pg_catalog.current_setting('request.jwt.claims', true) <> '' then ringup.claimed_vendor()
        else nullif(pg_catalog.current_setting('ringup.vendor_id', true), '')::uuid
    end
$$;
