-- take_order_number(vendor, location) → the next order number of the location, for people
--
-- Why      Consecutive per location; given back when the checkout is refused, because it is part of
--          the same transaction. The last lock of prepare_checkout, so that it is held briefly.
-- Writes   order_counters (one row).
-- Locks    The location's counter row.
-- Repeats  Every call is another number.
-- Raises   Nothing.
create or replace function ringup.take_order_number(p_vendor_id uuid, p_location_id uuid)
returns text
language plpgsql
as $$
declare
    v_number bigint;
    v_code   text := (select l.code from ringup.locations l where l.vendor_id = p_vendor_id and l.id = p_location_id);
begin
    update ringup.order_counters c
       set last_number = c.last_number + 1
     where c.vendor_id = p_vendor_id and c.location_id = p_location_id
    returning c.last_number into v_number;
    return v_code || '-' || lpad(v_number::text, greatest(6, length(v_number::text)), '0');
end
$$;
