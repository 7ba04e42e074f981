-- settle_coupons(order, status) → nothing
--
-- Why      What the order held of coupons is 'used' with the sale, or 'released' for the next one.
-- Writes   coupon_uses, and coupons (use_count) when it is released.
-- Locks    Those uses; when it is released, their coupons by id. The caller holds the order.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.settle_coupons(p_order ringup.orders, p_status text)
returns void
language plpgsql
as $$
declare
    v_id uuid;
begin
    -- Most sales have none, and are asked nothing more.
    if p_order.coupon_count = 0 then
        return;
    end if;
    for v_id in
        select u.coupon_id
          from ringup.coupon_uses u
         where u.vendor_id = p_order.vendor_id and u.order_id = p_order.id and u.status = 'held'
         order by u.coupon_id
    loop
        update ringup.coupon_uses u
           set status = p_status
         where u.vendor_id = p_order.vendor_id and u.order_id = p_order.id and u.coupon_id = v_id;
        continue when p_status = 'used';
        update ringup.coupons c
           set use_count = c.use_count - 1
         where c.vendor_id = p_order.vendor_id and c.id = v_id
           and num_nonnulls(c.use_limit, c.customer_use_limit) > 0;
    end loop;
end
$$;
