-- discount_lines(lines, amounts, percentages) → the lines, with the discounts that are a part of their price
--
-- Why      A line's discount is an amount or a percentage of what the line costs, rounded half up.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe, on lines that price_lines gave.
-- Raises   RU242 discount_invalid
create or replace function ringup.discount_lines(
    p_lines ringup.priced_line[], p_amounts bigint[], p_percents numeric[]
)
returns ringup.priced_line[]
language plpgsql immutable
as $$
declare
    v_lines    ringup.priced_line[] := p_lines;
    v_percent  numeric;
    v_discount bigint;
begin
    for i in 1 .. cardinality(v_lines) loop
        v_percent := p_percents[i];
        continue when v_percent is null;
        perform ringup.check_discount(p_amounts[i], v_percent, format('line %s', i));
        v_discount := round(v_lines[i].total_minor * v_percent / 100);
        v_lines[i].discount_minor := v_discount;
        v_lines[i].total_minor := v_lines[i].total_minor - v_discount;
    end loop;
    return v_lines;
end
$$;
