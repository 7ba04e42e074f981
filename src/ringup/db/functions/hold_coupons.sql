-- hold_coupons(vendor, customer, cart) → nothing
--
-- Why      A use of a coupon is set aside before anybody is charged, so that two registers cannot both have the last
--          one. The row is read again under its lock: a coupon that was given a limit meanwhile has it.
-- Writes   coupons (use_count), for coupons with a limit. write_prices writes the uses, with the order.
-- Locks    The coupons, by id: shared without a limit, so that a coupon for everybody makes nobody wait.
-- Repeats  Not idempotent; called once, with the order's creation.
-- Raises   RU130 coupon_expired · RU132 coupon_used_up · RU241 coupon_needs_customer
create or replace function ringup.hold_coupons(p_vendor_id uuid, p_customer_id uuid, p_cart ringup.priced_cart)
returns void
language plpgsql
as $$
declare
    v_id     uuid;
    v_coupon ringup.coupons;
begin
    for v_id in
        select d.coupon_id from unnest(p_cart.discounts) as d where d.coupon_id is not null order by d.coupon_id
    loop
        select * into v_coupon from ringup.coupons c where c.vendor_id = p_vendor_id and c.id = v_id for key share;
        if num_nonnulls(v_coupon.use_limit, v_coupon.customer_use_limit) > 0 then
            select * into v_coupon
              from ringup.coupons c where c.vendor_id = p_vendor_id and c.id = v_id for no key update;
        end if;
        if not v_coupon.is_active then
            raise exception using errcode = 'RU130', message = format('coupon %s is not good any more', v_coupon.code),
                detail = json_build_object('coupon', v_coupon.code, 'ends_at', v_coupon.ends_at)::text;
        end if;
        continue when num_nonnulls(v_coupon.use_limit, v_coupon.customer_use_limit) = 0;
        if v_coupon.customer_use_limit is not null and p_customer_id is null then
            raise exception using errcode = 'RU241',
                message = format('coupon %s is limited for each customer: name the customer', v_coupon.code),
                detail = json_build_object('coupon', v_coupon.code)::text;
        end if;
        if v_coupon.use_count >= v_coupon.use_limit
           or v_coupon.customer_use_limit <= (
              select count(*) from ringup.coupon_uses u
               where u.vendor_id = p_vendor_id and u.coupon_id = v_id and u.status <> 'released'
                 and u.customer_id in (select ringup.customer_family(p_vendor_id, p_customer_id))) then
            raise exception using errcode = 'RU132',
                message = format('coupon %s is used up', v_coupon.code),
                detail = json_build_object('coupon', v_coupon.code, 'use_limit', v_coupon.use_limit,
                                           'customer_use_limit', v_coupon.customer_use_limit)::text;
        end if;
        update ringup.coupons c
           set use_count = c.use_count + 1
         where c.vendor_id = p_vendor_id and c.id = v_id;
    end loop;
end
$$;
