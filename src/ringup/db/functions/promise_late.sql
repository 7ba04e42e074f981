-- promise_late(order) → the order with the points it earns
--
-- Why      When the sale was prepared its points could not be computed, and nothing was promised. They are computed
--          now, from the order's own lines, by the programme in force now, and from here on they are its promise.
-- Writes   orders, order_items (points_to_earn), loyalty_campaign_grants.
-- Locks    What campaigns_that_count locks; the caller holds the order and its customer.
-- Repeats  Safe: an order whose promise was made is left alone.
-- Raises   What earn_lines raises.
create or replace function ringup.promise_late(p_order ringup.orders)
returns ringup.orders
language plpgsql
as $$
declare
    v_order   ringup.orders := p_order;
    v_promise ringup.points_promise;
begin
    if p_order.points_problem is null then
        return p_order;
    end if;
    v_promise := ringup.earn_lines(p_order.vendor_id, p_order.customer_id, array(
        select row(i.product_id, i.sku, i.name, i.quantity, i.unit_price_minor, i.discount_minor, i.total_minor,
                   i.tracks_stock, i.tax_minor, p.category, 0, i.points_redeemed,
                   p.tax_category, p.price_minor, i.tax_included_minor, i.points_value_minor)::ringup.priced_line
          from ringup.order_items i
          join ringup.products p on p.vendor_id = i.vendor_id and p.id = i.product_id
         where i.vendor_id = p_order.vendor_id and i.order_id = p_order.id
         order by i.line_number), true);
    update ringup.order_items i
       set points_to_earn = l.points_to_earn
      from unnest(v_promise.lines) with ordinality as l
     where i.vendor_id = p_order.vendor_id and i.order_id = p_order.id and i.line_number = l.ordinality;
    perform ringup.hold_campaigns(p_order.vendor_id, p_order.customer_id, p_order.id, v_promise);
    update ringup.orders o
       set points_to_earn = v_promise.points, points_problem = null
     where o.vendor_id = p_order.vendor_id and o.id = p_order.id
    returning o.* into v_order;
    perform ringup.settle_campaigns(v_order, 'granted');
    return v_order;
end
$$;
