-- last_count(vendor, session) → the last count of the session's drawer, or null
--
-- Why      Closing goes by the last count, and a second one in a row is good enough. The float is not a count of what
--          was sold, but takes number 0.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.last_count(p_vendor_id uuid, p_session_id uuid)
returns ringup.cash_counts
language plpgsql stable
as $$
declare
    v_count ringup.cash_counts;
begin
    select * into v_count
      from ringup.cash_counts c
     where c.vendor_id = p_vendor_id and c.register_session_id = p_session_id and c.count_number > 0
     order by c.count_number desc
     limit 1;
    return v_count;
end
$$;
