-- current_programme(vendor) → the loyalty programme in force, or null
--
-- Why      Programmes are versioned by date; a change never rewrites what was granted.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.current_programme(p_vendor_id uuid)
returns ringup.loyalty_programmes
language plpgsql stable
as $$
begin
    return (
    select p
      from ringup.loyalty_programmes p
     where p.vendor_id = p_vendor_id and p.valid_from <= ringup.now()
     order by p.valid_from desc
     limit 1
    );
end
$$;
