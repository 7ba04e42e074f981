-- find_exchange(vendor, refund) → the new sale that the refund pays, or null
--
-- Why      A refund that is half of an exchange ends with its sale, and with nothing else.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.find_exchange(p_vendor_id uuid, p_refund_id uuid)
returns uuid
language plpgsql stable
as $$
begin
    return (select o.id from ringup.orders o
             where o.vendor_id = p_vendor_id and o.exchange_refund_id = p_refund_id);
end
$$;
