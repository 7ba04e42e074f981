-- check_returned_lines(order, line numbers, quantities) → nothing
--
-- Why      Nothing comes back that was not sold, and nothing comes back twice.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the order.
-- Repeats  Safe.
-- Raises   RU101 transition_not_allowed · RU118 return_too_large · RU204 amount_out_of_range
create or replace function ringup.check_returned_lines(
    p_order ringup.orders, p_line_numbers integer[], p_quantities bigint[]
)
returns void
language plpgsql
as $$
declare
    v_count integer := coalesce(cardinality(p_line_numbers), 0);
    v_line  record;
begin
    if p_order.status not in ('completed', 'partially_refunded', 'refunded') then
        raise exception using errcode = 'RU101',
            message = format('the checkout is %s; only what was sold comes back', p_order.status),
            detail = json_build_object('state', p_order.status)::text;
    end if;
    if v_count = 0 or cardinality(p_quantities) is distinct from v_count
       or v_count <> (select count(distinct n.number) from unnest(p_line_numbers) as n (number))
       or exists (select from unnest(p_quantities) as q (quantity) where q.quantity is null or q.quantity < 1) then
        raise exception using errcode = 'RU204',
            message = 'a return is one or more lines, each once, each with a quantity from 1 up';
    end if;
    for v_line in
        select n.number, n.quantity, coalesce(i.quantity, 0) - coalesce((
                   select sum(r.quantity) from ringup.loyalty_returns r
                    where r.vendor_id = p_order.vendor_id and r.order_id = p_order.id and r.line_number = n.number
               ), 0) as sold
          from unnest(p_line_numbers, p_quantities) as n (number, quantity)
          left join ringup.order_items i
            on i.vendor_id = p_order.vendor_id and i.order_id = p_order.id and i.line_number = n.number
         order by n.number
    loop
        if v_line.quantity > v_line.sold then
            raise exception using errcode = 'RU118',
                message = format('line %s: %s come back, and %s can', v_line.number, v_line.quantity, v_line.sold),
                detail = json_build_object('line', v_line.number, 'returnable', v_line.sold)::text;
        end if;
    end loop;
end
$$;
