-- claimed_vendor() → the vendor in the request's verified claims, or null
--
-- Why      PostgREST and Supabase put a verified token's claims into request.jwt.claims. The vendor
--          is read from app_metadata (written by servers only) or from the top level, never
--          from user_metadata, which users write themselves.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing of ours.
create or replace function ringup.claimed_vendor()
returns uuid
language sql stable
as $$
    select coalesce(c.claims -> 'app_metadata' ->> 'vendor_id', c.claims ->> 'vendor_id')::uuid
      from (select nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb as claims) as c
$$;
