-- check_denominations(face values, quantities) → what they come to
--
-- Why      What is in a drawer is counted by coin and note; the sum is the database's. No face values at all is an
--          empty drawer.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU240 count_invalid
create or replace function ringup.check_denominations(p_faces bigint[], p_quantities bigint[])
returns bigint
language plpgsql immutable
as $$
declare
    v_total    numeric;
    v_rows     bigint;
    v_distinct bigint;
    v_good     boolean;
begin
    select coalesce(sum(d.face::numeric * d.quantity), 0), count(*), count(distinct d.face),
           coalesce(bool_and(coalesce(d.face between 1 and 1000000000000 and d.quantity between 0 and 1000000000, false)),
                    true)
      into v_total, v_rows, v_distinct, v_good
      from unnest(p_faces, p_quantities) as d (face, quantity);
    if not v_good or v_distinct <> v_rows or v_rows > 100 or v_total > 1000000000000 then
        raise exception using errcode = 'RU240',
            message = 'a count names each coin and note once, with how many there are, up to what a drawer can hold';
    end if;
    return v_total::bigint;
end
$$;
