-- write_prices(vendor, order, customer, cart, person) → nothing
--
-- Why      The order keeps each discount by its name, each tax by its rate and line, and what it holds of coupons.
-- Writes   order_discounts, order_item_taxes, coupon_uses.
-- Locks    Nothing beyond its own rows; hold_coupons has the coupons.
-- Repeats  Not idempotent; called once, with the order's creation.
-- Raises   Nothing.
create or replace function ringup.write_prices(
    p_vendor_id uuid, p_order_id uuid, p_customer_id uuid, p_cart ringup.priced_cart, p_staff_id uuid
)
returns void
language plpgsql
as $$
begin
    if cardinality(p_cart.discounts) > 0 then
        insert into ringup.order_discounts (
            vendor_id, order_id, discount_number, line_number, kind, name, percent, reason, coupon_id, amount_minor,
            given_by)
        select p_vendor_id, p_order_id, d.ordinality, d.line_number, d.kind, d.name, d.percent, d.reason, d.coupon_id,
               d.amount_minor, p_staff_id
          from unnest(p_cart.discounts) with ordinality as d;
        insert into ringup.coupon_uses (
            vendor_id, coupon_id, order_id, customer_id, amount_minor, status, created_at)
        select p_vendor_id, d.coupon_id, p_order_id, p_customer_id, d.amount_minor, 'held', ringup.now()
          from unnest(p_cart.discounts) as d
         where d.coupon_id is not null;
    end if;
    if cardinality(p_cart.taxes) > 0 then
        insert into ringup.order_item_taxes (
            vendor_id, order_id, line_number, code, position, name, percent, is_included, base_minor, tax_minor)
        select p_vendor_id, p_order_id, t.line_number, t.code, t.position, t.name, t.percent, t.is_included,
               t.base_minor, t.tax_minor
          from unnest(p_cart.taxes) as t;
    end if;
end
$$;
