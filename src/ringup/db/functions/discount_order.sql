-- discount_order(vendor, customer, cart, terms) → the cart, its discounts named, those of the order shared out
--
-- Why      The discounts of the order come after those of lines, in the order in which they were given, and coupons
--          after them. Each is of what is left then, and is shared over the lines by what is left of each. A
--          discount of more than what is left is refused; a coupon takes what is left.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe, on a cart whose order has no discount yet.
-- Raises   RU205 discount_too_large · RU208 reason_missing · RU242 discount_invalid, and what check_coupon raises
create or replace function ringup.discount_order(
    p_vendor_id uuid, p_customer_id uuid, p_cart ringup.priced_cart, p_terms ringup.price_terms
)
returns ringup.priced_cart
language plpgsql
as $$
declare
    v_cart   ringup.priced_cart := p_cart;
    v_goods  bigint;
    v_amount bigint;
    v_coupon ringup.coupons;
begin
    v_cart.discounts := array(
        select row(l.ordinality, 'line', null, p_terms.line_percents[l.ordinality], p_terms.line_reasons[l.ordinality],
                   null, l.discount_minor, l.unit_price_minor * l.quantity)::ringup.named_discount
          from unnest(v_cart.lines) with ordinality as l
         where l.discount_minor > 0
         order by l.ordinality);
    if coalesce(cardinality(p_terms.discount_reasons), 0) + coalesce(cardinality(p_terms.coupon_codes), 0) = 0 then
        return v_cart;
    end if;
    v_goods := (select sum(l.total_minor) from unnest(v_cart.lines) as l);
    for i in 1 .. coalesce(cardinality(p_terms.discount_reasons), 0) loop
        perform ringup.check_discount(
            p_terms.discount_amounts[i], p_terms.discount_percents[i], format('discount %s', i));
        if coalesce(trim(p_terms.discount_reasons[i]), '') = '' then
            raise exception using errcode = 'RU208', message = 'a discount of a whole sale needs a reason';
        end if;
        v_amount := coalesce(p_terms.discount_amounts[i], round(v_goods * p_terms.discount_percents[i] / 100));
        if v_amount > v_goods then
            raise exception using errcode = 'RU205',
                message = format('discount %s: %s on %s', i, v_amount, v_goods),
                detail = json_build_object('discount', i, 'amount_minor', v_amount, 'due_minor', v_goods)::text;
        end if;
        v_cart := ringup.take_off(v_cart, v_amount, row(
            null, 'order', null, p_terms.discount_percents[i], p_terms.discount_reasons[i], null, v_amount, v_goods));
        v_goods := v_goods - v_amount;
    end loop;
    for i in 1 .. coalesce(cardinality(p_terms.coupon_codes), 0) loop
        v_coupon := ringup.check_coupon(
            p_vendor_id, p_customer_id, p_terms.coupon_codes[i], v_goods, v_cart.discounts);
        v_amount := least(coalesce(v_coupon.amount_minor, round(v_goods * v_coupon.percent / 100)), v_goods);
        v_cart := ringup.take_off(v_cart, v_amount, row(
            null, 'coupon', v_coupon.name, v_coupon.percent, v_coupon.code, v_coupon.id, v_amount, v_goods));
        v_goods := v_goods - v_amount;
    end loop;
    return v_cart;
end
$$;
