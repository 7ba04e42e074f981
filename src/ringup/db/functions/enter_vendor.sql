-- enter_vendor(vendor) → nothing
--
-- Why      The first line of every entry function: from here to the end of the transaction,
--          row-level security shows this vendor's rows and no others, and nobody has approved anything yet.
-- Writes   The settings ringup.vendor_id, ringup.approved_by and ringup.approval_id, for this transaction.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU401 vendor_not_claimed · RU008 vendor_not_found, when verified claims name another vendor
create or replace function ringup.enter_vendor(p_vendor_id uuid)
returns void
language plpgsql
as $$
begin
    if p_vendor_id is null then
        raise exception using errcode = 'RU401', message = 'no vendor was named';
    end if;
    if coalesce(pg_catalog.current_setting('request.jwt.claims', true), '') <> ''
       and ringup.claimed_vendor() is distinct from p_vendor_id then
        raise exception using errcode = 'RU008', message = format('vendor %s does not exist', p_vendor_id);
    end if;
    perform pg_catalog.set_config('ringup.vendor_id', p_vendor_id::text, true),
            pg_catalog.set_config('ringup.approved_by', '', true),
            pg_catalog.set_config('ringup.approval_id', '', true);
end
$$;
