-- match_arrival(sent, lines, shortfall) → what arrived of each product that was sent, in the order of what was sent
--
-- Why      What arrived is compared with what was sent before anything moves.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU173 not_sent · RU208 reason_missing
create or replace function ringup.match_arrival(
    p_sent ringup.stock_line[], p_lines ringup.stock_line[], p_shortfall text
)
returns ringup.stock_line[]
language plpgsql
as $$
declare
    v_pair    record;
    v_arrived ringup.stock_line[] := '{}';
    v_missing jsonb := '[]';
begin
    for v_pair in
        select coalesce(s.product_id, l.product_id) as product_id, coalesce(s.sku, l.sku) as sku, s.price_minor,
               coalesce(s.quantity, 0) as sent, coalesce(l.quantity, 0) as arrived, s.product_id is not null as was_sent
          from unnest(p_sent) as s
          full join unnest(p_lines) as l on l.product_id = s.product_id
         order by 1
    loop
        if not v_pair.was_sent or v_pair.arrived > v_pair.sent then
            raise exception using errcode = 'RU173',
                message = format('%s of %s were sent, and %s cannot arrive', v_pair.sent, v_pair.sku, v_pair.arrived),
                detail = json_build_object('sku', v_pair.sku, 'sent', v_pair.sent, 'arrived', v_pair.arrived)::text;
        end if;
        if v_pair.arrived < v_pair.sent then
            v_missing := v_missing || jsonb_build_object('sku', v_pair.sku, 'missing', v_pair.sent - v_pair.arrived);
        end if;
        v_arrived := v_arrived
            || row(v_pair.product_id, v_pair.sku, v_pair.price_minor, v_pair.arrived)::ringup.stock_line;
    end loop;
    if v_missing <> '[]' and p_shortfall is null then
        raise exception using errcode = 'RU208', message = 'less arrived than was sent: say why',
            detail = jsonb_build_object('missing', v_missing)::text;
    end if;
    return v_arrived;
end
$$;
