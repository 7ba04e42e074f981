-- want_tier_review(order) → nothing
--
-- Why      A sale may lift its customer into the next tier: the next review looks. Only where the programme has tiers.
-- Writes   customers (loyalty_tier_review_at).
-- Locks    The customer row, which the sale's points have locked before; the caller holds the order.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.want_tier_review(p_order ringup.orders)
returns void
language plpgsql
as $$
begin
    if p_order.customer_id is not null
       and (ringup.current_programme(p_order.vendor_id)).tier_basis is not null then
        update ringup.customers c
           set loyalty_tier_review_at = ringup.now()
         where c.vendor_id = p_order.vendor_id
           and c.id = ringup.surviving_customer(p_order.vendor_id, p_order.customer_id);
    end if;
end
$$;
