-- total_cart(vendor, location, customer, skus, product ids, quantities, discounts, prices, points, tip, terms)
--   → the cart with everything that it comes to
--
-- Why      What a cart comes to is worked out here and nowhere else, for the sale, the preflight and the preview of
--          points: prices, then discounts of lines, of the order and by coupons, then points, then taxes on what
--          is left. Each part is shared over the lines, so that the lines always come to the order.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   What price_lines, discount_lines, discount_order, check_redemption, check_totals and tax_cart raise.
create or replace function ringup.total_cart(
    p_vendor_id uuid, p_location_id uuid, p_customer_id uuid, p_line_skus text[], p_line_product_ids uuid[],
    p_line_quantities bigint[], p_line_discounts bigint[], p_line_prices bigint[],
    p_redeem_points integer, p_tip_minor bigint, p_terms ringup.price_terms
)
returns ringup.priced_cart
language plpgsql
as $$
declare
    v_cart   ringup.priced_cart;
    v_points bigint := 0;
    v_shares bigint[];
begin
    v_cart.lines := ringup.price_lines(
        p_vendor_id, p_line_skus, p_line_product_ids, p_line_quantities, p_line_discounts, p_line_prices);
    v_cart.discounts := '{}';
    v_cart.taxes := '{}';
    if cardinality(p_terms.line_percents) > 0 then
        v_cart.lines := ringup.discount_lines(v_cart.lines, p_line_discounts, p_terms.line_percents);
    end if;
    v_cart := ringup.discount_order(p_vendor_id, p_customer_id, v_cart, p_terms);
    select sum(l.unit_price_minor * l.quantity), sum(l.discount_minor)
      into v_cart.subtotal_minor, v_cart.discount_minor
      from unnest(v_cart.lines) as l;
    if p_redeem_points > 0 then
        perform ringup.check_redemption(p_vendor_id, p_redeem_points, v_cart.subtotal_minor - v_cart.discount_minor);
        v_points := coalesce(p_redeem_points * (ringup.current_programme(p_vendor_id)).point_value_minor, 0);
    end if;
    perform ringup.check_totals(v_cart.subtotal_minor, v_cart.discount_minor, v_points, p_tip_minor, p_redeem_points);
    if v_points > 0 then
        v_shares := ringup.spread(v_points, array(
            select l.total_minor from unnest(v_cart.lines) with ordinality as l order by l.ordinality));
        for i in 1 .. cardinality(v_shares) loop
            v_cart.lines[i].points_value_minor := v_shares[i];
        end loop;
    end if;
    v_cart.points_value_minor := v_points;
    v_cart.tax_minor := 0;
    v_cart.tax_included_minor := 0;
    v_cart.tax_rate_count := 0;
    v_cart := ringup.tax_cart(p_vendor_id, p_location_id, p_customer_id, v_cart, p_terms);
    v_cart.discount_minor := v_cart.discount_minor + v_points;
    v_cart.total_minor := v_cart.subtotal_minor - v_cart.discount_minor + v_cart.tax_minor - v_cart.tax_included_minor
                          + p_tip_minor;
    return v_cart;
end
$$;
