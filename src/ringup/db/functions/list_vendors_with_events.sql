-- list_vendors_with_events() → the vendors of whom something was committed and not handed on yet
--
-- Why      An idle relay asks this once a round and nothing else, and is answered from the partial index of what is
--          still to be handed on.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.list_vendors_with_events()
returns setof uuid
language plpgsql security definer set search_path = ''
as $$
declare
    v_vendor_id uuid;
begin
    for v_vendor_id in select v.id from ringup.vendors v order by v.id loop
        perform ringup.enter_vendor(v_vendor_id);
        if exists (select from ringup.order_events e where e.vendor_id = v_vendor_id and e.relayed_at is null) then
            return next v_vendor_id;
        end if;
    end loop;
end
$$;
