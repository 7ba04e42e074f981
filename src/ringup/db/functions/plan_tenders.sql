-- plan_tenders(vendor, location, due, tip, types, processors, amounts, tendered, references,
--              own value, reasons) → the tenders
--
-- Why      The tenders are exactly what is due, all or nothing, before anybody is charged. One
--          tender may leave its amount open: it takes the rest. Cash gives change. The tip
--          belongs to the first card, or else to the first tender.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU202 tenders_do_not_add_up · RU208 reason_missing · RU007 processor_not_found · RU112 processor_inactive · RU301 terminal_offline
--          · RU302 terminal_in_doubt
create or replace function ringup.plan_tenders(
    p_vendor_id uuid, p_location_id uuid, p_due bigint, p_tip bigint,
    p_types text[], p_processors uuid[], p_amounts bigint[], p_tendered bigint[], p_references text[],
    p_own_value uuid[] default null, p_reasons text[] default null
)
returns ringup.planned_tender[]
language plpgsql
as $$
declare
    v_tenders ringup.planned_tender[] := '{}';
    v_count   integer := coalesce(cardinality(p_types), 0);
    v_rest    numeric := p_due - coalesce((select sum(a) from unnest(p_amounts) as a), 0);
    v_open    integer := (select count(*) from generate_series(1, v_count) as n where p_amounts[n] is null);
    v_tip_on  integer := coalesce(array_position(p_types, 'card'), 1);
    v_amount  bigint;
begin
    if v_rest < 0 or v_open > 1 or (v_open = 0 and v_rest <> 0) or (v_open = 1 and v_rest = 0) then
        raise exception using errcode = 'RU202',
            message = format('the tenders are not the %s that are due', p_due),
            detail = json_build_object('due_minor', p_due, 'difference_minor', v_rest)::text;
    end if;
    for n in 1 .. v_count loop
        v_amount := coalesce(p_amounts[n], v_rest::bigint);
        -- Cash that rounding leaves nothing of is no tender.
        continue when p_types[n] = 'cash' and v_amount = 0 and p_tendered[n] is null;
        if v_amount < 1 or p_tendered[n] < v_amount or (n = v_tip_on and p_tip > v_amount)
           or (p_tendered[n] is not null and p_types[n] <> 'cash') then
            raise exception using errcode = 'RU202',
                message = format('tender %s cannot be %s with %s handed over', n, v_amount, p_tendered[n]),
                detail = json_build_object('due_minor', p_due, 'tender', n, 'amount_minor', v_amount)::text;
        end if;
        if p_types[n] = 'external' and (coalesce(trim(p_references[n]), '') = '' or coalesce(trim(p_reasons[n]), '') = '')
        then
            raise exception using errcode = 'RU208',
                message = 'money that was taken elsewhere needs its reference there, and a reason';
        end if;
        if p_types[n] = 'card' then
            perform ringup.check_terminal(p_vendor_id, p_location_id, p_processors[n]);
        end if;
        v_tenders := v_tenders || row(
            p_types[n], case when p_types[n] = 'card' then p_processors[n] end, v_amount,
            case when n = v_tip_on then p_tip else 0 end,
            case when p_types[n] = 'cash' then coalesce(p_tendered[n], v_amount) end,
            case when p_types[n] = 'cash' then coalesce(p_tendered[n], v_amount) - v_amount end,
            p_references[n], p_own_value[n], p_reasons[n])::ringup.planned_tender;
    end loop;
    return v_tenders;
end
$$;
