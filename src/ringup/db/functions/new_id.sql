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
language plpgsql volatile
as $$
declare
    v_micros   bigint := (extract(epoch from pg_catalog.clock_timestamp()) * 1000000)::bigint;
    v_fraction integer := ((v_micros % 1000) * 4096 / 1000)::integer;
    v_bytes    bytea := pg_catalog.uuid_send(pg_catalog.gen_random_uuid());
begin
    v_bytes := overlay(v_bytes placing substring(pg_catalog.int8send(v_micros / 1000) from 3) from 1 for 6);
    v_bytes := pg_catalog.set_byte(v_bytes, 6, 112 + (v_fraction >> 8));
    v_bytes := pg_catalog.set_byte(v_bytes, 7, v_fraction & 255);
    return pg_catalog.encode(v_bytes, 'hex')::uuid;
end
$$;
