-- check_coupon(vendor, customer, code, goods left, discounts so far) → the coupon, which may be used on this cart
--
-- Why      What a coupon says about itself and the cart. Whether a use is left, hold_coupons asks under its lock.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU030 coupon_not_found · RU130 coupon_expired · RU131 coupon_not_begun · RU245 coupon_minimum_not_met
--          · RU241 coupon_needs_customer · RU242 discount_invalid, for one that is there twice
create or replace function ringup.check_coupon(
    p_vendor_id uuid, p_customer_id uuid, p_code text, p_goods_minor bigint, p_discounts ringup.named_discount[]
)
returns ringup.coupons
language plpgsql stable
as $$
declare
    v_now    timestamptz := ringup.now();
    v_coupon ringup.coupons;
    v_before bigint;
begin
    select * into v_coupon from ringup.coupons c where c.vendor_id = p_vendor_id and c.code = upper(trim(p_code));
    if not found then
        raise exception using errcode = 'RU030', message = format('there is no coupon %s', p_code);
    end if;
    if not v_coupon.is_active or v_coupon.ends_at <= v_now then
        raise exception using errcode = 'RU130',
            message = format('coupon %s is not good any more', v_coupon.code),
            detail = json_build_object('coupon', v_coupon.code, 'ends_at', v_coupon.ends_at)::text;
    end if;
    if v_coupon.starts_at > v_now then
        raise exception using errcode = 'RU131',
            message = format('coupon %s is not good yet', v_coupon.code),
            detail = json_build_object('coupon', v_coupon.code, 'starts_at', v_coupon.starts_at)::text;
    end if;
    if v_coupon.customer_use_limit is not null and p_customer_id is null then
        raise exception using errcode = 'RU241',
            message = format('coupon %s is limited for each customer: name the customer', v_coupon.code),
            detail = json_build_object('coupon', v_coupon.code)::text;
    end if;
    select coalesce(sum(d.amount_minor), 0) into v_before from unnest(p_discounts) as d where d.kind = 'coupon';
    if p_goods_minor + v_before < v_coupon.minimum_minor then
        raise exception using errcode = 'RU245',
            message = format('coupon %s is for goods of at least %s, and there are %s', v_coupon.code,
                             v_coupon.minimum_minor, p_goods_minor + v_before),
            detail = json_build_object('coupon', v_coupon.code, 'minimum_minor', v_coupon.minimum_minor,
                                       'goods_minor', p_goods_minor + v_before)::text;
    end if;
    if exists (select from unnest(p_discounts) as d where d.coupon_id = v_coupon.id) then
        raise exception using errcode = 'RU242', message = format('coupon %s is there twice', v_coupon.code),
            detail = json_build_object('of', v_coupon.code)::text;
    end if;
    return v_coupon;
end
$$;
