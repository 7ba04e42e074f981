-- new_id() → a UUID version 7
--
-- Why      Ids made in the database sort by the time they were made (RFC 9562, section 5.7), with the
--          sub-millisecond part in the twelve bits after the version (section 6.2, method 3).
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe: every call is another id.
-- Raises   Nothing.
create or replace function ringup.new_id()
returns uuid
language sql volatile
as $$
    -- 60 bits of time, the upper 48 of them whole milliseconds; the version between them; the rest is random.
    select (overlay(lpad(to_hex((extract(epoch from pg_catalog.clock_timestamp()) * 1000000)::bigint * 4096 / 1000), 15, '0')
                    placing '7' from 13 for 0)
            || substr(pg_catalog.gen_random_uuid()::text, 19))::uuid
$$;
