-- plan_cash(vendor, due, types, amounts) → what rounding adds to what is due, and the amounts to plan with
--
-- Why      Only what is left for cash is rounded, once for all the cash of a sale, and nothing where
--          another tender takes the rest. A till that does not round may state what is due to the minor unit:
--          its last cash tender then moves by the rounding. The amount of a cash tender that rounds away is 0.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing; tenders that do not add up are plan_tenders' to refuse.
create or replace function ringup.plan_cash(
    p_vendor_id uuid, p_due bigint, p_types text[], p_amounts bigint[],
    out rounding_minor bigint, out amounts bigint[]
)
returns record
language plpgsql stable
as $$
declare
    v_count integer := coalesce(cardinality(p_types), 0);
    v_rest  numeric := p_due - coalesce((select sum(a) from unnest(p_amounts) as a), 0);
    v_cash  numeric := 0;
    v_open  integer;
    v_last  integer;
begin
    rounding_minor := 0;
    amounts := p_amounts;
    for n in 1 .. v_count loop
        if p_amounts[n] is null then
            v_open := n;
        end if;
        if p_types[n] = 'cash' then
            v_last := n;
            v_cash := v_cash + coalesce(p_amounts[n], 0);
        end if;
    end loop;
    -- What is left for cash: all that no other tender was given.
    v_cash := v_cash + v_rest;
    if v_last is null or p_types[v_open] <> 'cash' or v_cash not between 1 and p_due then
        return;
    end if;
    rounding_minor := ringup.cash_rounding(p_vendor_id, v_cash::bigint);
    if rounding_minor <> 0 and (v_open is not null or v_rest = 0) then
        v_last := coalesce(v_open, v_last);
        amounts[v_last] := coalesce(p_amounts[v_last], v_rest::bigint) + rounding_minor;
    end if;
end
$$;
