-- spread(whole, weights) → the whole in parts, one for each weight
--
-- Why      Discounts, value and points are shared over lines in whole numbers that come to the whole exactly: each
--          part is rounded down, and what is left goes to the largest remainders, of equal ones to the first.
--          A part of a whole that is no more than the weights is no more than its weight. Weights that are all
--          0 get nothing.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.spread(p_whole bigint, p_weights bigint[])
returns bigint[]
language plpgsql immutable
as $$
declare
    v_whole  numeric := p_whole;
    v_parts  bigint[] := '{}';
    v_weight bigint;
    v_all    numeric := 0;
    v_part   bigint := 0;
    v_left   bigint := p_whole;
    v_number integer;
begin
    foreach v_weight in array p_weights loop
        v_all := v_all + v_weight;
    end loop;
    foreach v_weight in array p_weights loop
        v_part := case when v_all > 0 then div(v_whole * v_weight, v_all) else 0 end;
        v_parts := v_parts || v_part;
        v_left := v_left - v_part;
    end loop;
    if v_left > 0 and v_all > 0 then
        for v_number in
            select w.ordinality
              from unnest(p_weights) with ordinality as w (weight)
             order by v_whole * w.weight % v_all desc, w.ordinality
             limit v_left
        loop
            v_parts[v_number] := v_parts[v_number] + 1;
        end loop;
    end if;
    return v_parts;
end
$$;
