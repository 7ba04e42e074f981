-- refund_amount(order, line numbers, quantities, restocks, tip) → what is to be paid back, in minor units
--
-- Why      What the lines that go back cost, and the tip if it goes back too. A refund of nothing is a mistake.
-- Writes   Nothing.
-- Locks    Nothing; who relies on it holds the order.
-- Repeats  Safe.
-- Raises   RU118 return_too_large; and what plan_refund_lines and tip_to_refund raise
create or replace function ringup.refund_amount(
    p_order ringup.orders, p_line_numbers integer[], p_quantities bigint[], p_restocks boolean[], p_tip_minor bigint
)
returns bigint
language plpgsql stable
as $$
declare
    v_tip   bigint := ringup.tip_to_refund(p_order, p_tip_minor, p_line_numbers is null);
    v_lines bigint;
    v_count integer;
begin
    select coalesce(sum(l.amount_minor), 0), count(*) into v_lines, v_count
      from ringup.plan_refund_lines(p_order, p_line_numbers, p_quantities, p_restocks) as l;
    if v_count = 0 and v_tip = 0 then
        raise exception using errcode = 'RU118', message = 'nothing of this sale is left to give back',
            detail = json_build_object('returnable', 0)::text;
    end if;
    return v_lines + v_tip;
end
$$;
