-- plan_refund_lines(order, line numbers, quantities, restocks) → the lines that go back, and what is paid back for each
--
-- Why      Never more than was sold, of any line. A part of a line is paid back by what of the line is back in all,
--          rounded down, less what was paid back for it before: in whatever parts, the whole line comes to what was
--          paid for it. Without line numbers it is everything that is not back yet.
-- Writes   Nothing.
-- Locks    Nothing; who relies on it holds the order.
-- Repeats  Safe.
-- Raises   RU101 transition_not_allowed · RU118 return_too_large · RU204 amount_out_of_range
create or replace function ringup.plan_refund_lines(
    p_order ringup.orders, p_line_numbers integer[], p_quantities bigint[], p_restocks boolean[]
)
returns table (line_number integer, quantity bigint, amount_minor bigint, restock boolean)
language plpgsql stable
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
    if p_line_numbers is not null
       and (coalesce(cardinality(p_quantities), 0) <> v_count or coalesce(cardinality(p_restocks), 0) <> v_count
            or v_count <> (select count(distinct n.number) from unnest(p_line_numbers) as n (number))
            or exists (select from unnest(p_quantities) as q (quantity) where q.quantity is null or q.quantity < 1)) then
        raise exception using errcode = 'RU204',
            message = 'a refund names each line once, with a quantity from 1 up';
    end if;
    for v_line in
        select w.number, w.quantity, w.restock, l.quantity as sold, l.paid_minor, l.back_quantity, l.back_minor
          from (select n.number, n.quantity, n.restock
                  from unnest(p_line_numbers, p_quantities, p_restocks) as n (number, quantity, restock)
                 where p_line_numbers is not null
                union all
                select r.line_number, r.quantity - r.back_quantity, true
                  from ringup.refundable_lines(p_order) as r
                 where p_line_numbers is null and r.quantity > r.back_quantity) as w
          left join ringup.refundable_lines(p_order) as l on l.line_number = w.number
         order by w.number
    loop
        if v_line.quantity > coalesce(v_line.sold - v_line.back_quantity, 0) then
            raise exception using errcode = 'RU118',
                message = format('line %s: %s are to come back, and %s can', v_line.number, v_line.quantity,
                                 coalesce(v_line.sold - v_line.back_quantity, 0)),
                detail = json_build_object('line', v_line.number,
                                           'returnable', coalesce(v_line.sold - v_line.back_quantity, 0))::text;
        end if;
        line_number := v_line.number;
        quantity := v_line.quantity;
        restock := coalesce(v_line.restock, true);
        amount_minor := div(v_line.paid_minor::numeric * (v_line.back_quantity + v_line.quantity), v_line.sold)
                        - v_line.back_minor;
        return next;
    end loop;
end
$$;
