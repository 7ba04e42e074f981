-- lock_register(vendor, register) → nothing
--
-- Why      Opening a shift, closing it, and finding a home for a late sale happen one at a time at a register, so that
--          whether a shift is open cannot change under any of them.
-- Writes   Nothing.
-- Locks    The register row, before any session row.
-- Repeats  Safe.
-- Raises   RU004 register_not_found
create or replace function ringup.lock_register(p_vendor_id uuid, p_register_id uuid)
returns void
language plpgsql
as $$
begin
    perform from ringup.registers r where r.vendor_id = p_vendor_id and r.id = p_register_id for no key update;
    if not found then
        raise exception using errcode = 'RU004', message = format('register %s does not exist', p_register_id);
    end if;
end
$$;
