-- preview_points(vendor, customer, skus, product ids, quantities, discounts, prices, redeem, location, terms)
--   → what a cart would do to points
--
-- Why      What the cart would earn if so many points were redeemed, how many may be redeemed at most, what they are
--          worth, and what the customer loses next by waiting.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU005 customer_not_found · RU110 customer_inactive, and what total_cart and earn_lines raise
create or replace function ringup.preview_points(
    p_vendor_id uuid, p_customer_id uuid, p_line_skus text[], p_line_product_ids uuid[], p_line_quantities bigint[],
    p_line_discounts bigint[], p_line_prices bigint[], p_redeem_points integer,
    p_location_id uuid default null, p_terms ringup.price_terms default null
)
returns table (
    points_to_earn integer, points_available integer, points_minimum integer, points_step integer,
    points_maximum integer, points_maximum_value_minor bigint, point_value_minor bigint,
    expiring_points bigint, expiring_at timestamptz
)
language plpgsql security definer set search_path = ''
as $$
declare
    v_now       timestamptz := ringup.now();
    v_programme ringup.loyalty_programmes;
    v_customer  ringup.customers;
    v_cart      ringup.priced_cart;
    v_goods     bigint;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_programme := ringup.current_programme(p_vendor_id);
    select * into v_customer from ringup.customers c where c.vendor_id = p_vendor_id and c.id = p_customer_id;
    if not found then
        raise exception using errcode = 'RU005', message = format('customer %s does not exist', p_customer_id);
    end if;
    if not v_customer.is_active then
        raise exception using errcode = 'RU110', message = format('customer %s is not active', p_customer_id);
    end if;
    v_cart := ringup.total_cart(
        p_vendor_id, p_location_id, p_customer_id, p_line_skus, p_line_product_ids, p_line_quantities,
        p_line_discounts, p_line_prices, p_redeem_points, 0, p_terms);
    v_goods := v_cart.subtotal_minor - v_cart.discount_minor + v_cart.points_value_minor;

    points_to_earn := (ringup.earn_lines(p_vendor_id, p_customer_id, v_cart.lines, false)).points;
    points_available := ringup.points_free(v_customer);
    points_minimum := v_programme.redeem_minimum;
    points_step := v_programme.redeem_step;
    point_value_minor := v_programme.point_value_minor;
    points_maximum := 0;
    if v_programme.vendor_id is not null and ringup.switch_is_on(p_vendor_id, 'loyalty_updates') then
        points_maximum := least(points_available, ringup.redemption_maximum(v_programme, v_goods));
        points_maximum := points_maximum - points_maximum % points_step;
        points_maximum := case when points_maximum < points_minimum then 0 else points_maximum end;
    end if;
    points_maximum_value_minor := coalesce(points_maximum * point_value_minor, 0);
    select l.expires_at, sum(l.remaining) into expiring_at, expiring_points
      from ringup.loyalty_lots l
     where l.vendor_id = p_vendor_id and l.customer_id = p_customer_id and l.remaining > 0 and l.expires_at > v_now
     group by l.expires_at
     order by l.expires_at
     limit 1;
    return next;
end
$$;
