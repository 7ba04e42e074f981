-- programme_at(vendor, time) → the loyalty programme that was in force then, or null
--
-- Why      What a sale was promised, a return of it keeps to, whatever the programme says today.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.programme_at(p_vendor_id uuid, p_at timestamptz)
returns ringup.loyalty_programmes
language sql
as $$
    select p
      from ringup.loyalty_programmes p
     where p.vendor_id = p_vendor_id and p.valid_from <= p_at
     order by p.valid_from desc
     limit 1
$$;
