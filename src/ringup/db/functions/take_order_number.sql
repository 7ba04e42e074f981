-- take_order_number(vendor, location) → an order number of the location, for people
--
-- Why      Each number once and none left out: a number is given back when the checkout is refused, because it is part of
--          the same transaction, and the next sale takes the lowest that is free. While nobody else is preparing a sale,
--          numbers follow one another. Of sales at the same moment each has a counter of its own, because a counter stays
--          locked until its sale is on disk. The last lock of prepare_checkout, so that it is held briefly.
-- Writes   order_counters (one row).
-- Locks    The counter of the location with the lowest number that nobody holds; when all are held, the lowest.
-- Repeats  Every call is another number.
-- Raises   Nothing.
create or replace function ringup.take_order_number(p_vendor_id uuid, p_location_id uuid)
returns text
language plpgsql
as $$
declare
    v_counter smallint;
    v_number  bigint;
    v_code    text;
begin
    select c.counter into v_counter
      from ringup.order_counters c
     where c.vendor_id = p_vendor_id and c.location_id = p_location_id
     order by c.next_number
     limit 1
       for no key update skip locked;
    if not found then
        select c.counter into v_counter
          from ringup.order_counters c
         where c.vendor_id = p_vendor_id and c.location_id = p_location_id
         order by c.next_number
         limit 1;
    end if;
    update ringup.order_counters c
       set next_number = c.next_number + 16
      from ringup.locations l
     where c.vendor_id = p_vendor_id and c.location_id = p_location_id and c.counter = v_counter
       and l.vendor_id = p_vendor_id and l.id = p_location_id
    returning c.next_number - 16, l.code into v_number, v_code;
    return v_code || '-' || lpad(v_number::text, greatest(6, length(v_number::text)), '0');
end
$$;
