-- spread(whole, weights) → the whole in parts, one for each weight
--
-- Why      Value and points are shared over lines in whole numbers that come to the whole exactly: each part is
--          what is due up to its line, less what the lines before it got. Weights that are all 0 get nothing.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.spread(p_whole bigint, p_weights bigint[])
returns bigint[]
language plpgsql immutable
as $$
declare
    v_parts  bigint[] := '{}';
    v_weight bigint;
    v_all    numeric := 0;
    v_upto   numeric := 0;
    v_given  bigint := 0;
    v_due    bigint := 0;
begin
    foreach v_weight in array p_weights loop
        v_all := v_all + v_weight;
    end loop;
    foreach v_weight in array p_weights loop
        v_upto := v_upto + v_weight;
        v_due := case when v_all > 0 then div(p_whole * v_upto, v_all) else 0 end;
        v_parts := v_parts || (v_due - v_given);
        v_given := v_due;
    end loop;
    return v_parts;
end
$$;
