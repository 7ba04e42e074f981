-- take_off(cart, amount, discount) → the cart, with the amount shared over its lines and the discount named
--
-- Why      What is taken off a whole sale is taken off its lines, each by its part of what is left, never more.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Every call takes off more.
-- Raises   Nothing.
create or replace function ringup.take_off(
    p_cart ringup.priced_cart, p_amount_minor bigint, p_discount ringup.named_discount
)
returns ringup.priced_cart
language plpgsql immutable
as $$
declare
    v_cart  ringup.priced_cart := p_cart;
    v_parts bigint[] := ringup.spread(p_amount_minor, array(
        select l.total_minor from unnest(p_cart.lines) with ordinality as l order by l.ordinality));
begin
    for i in 1 .. cardinality(v_parts) loop
        v_cart.lines[i].discount_minor := v_cart.lines[i].discount_minor + v_parts[i];
        v_cart.lines[i].total_minor := v_cart.lines[i].total_minor - v_parts[i];
    end loop;
    v_cart.discounts := v_cart.discounts || p_discount;
    return v_cart;
end
$$;
