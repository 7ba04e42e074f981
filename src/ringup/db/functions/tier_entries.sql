-- tier_entries(programme, customer) → when the customer spent or earned how much, within the programme's window
--
-- Why      What a tier is deserved by: what was paid for completed sales without tips and refunds (minor units), or
--          points earned less those taken back. Duplicates that were merged into the customer count.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.tier_entries(p_programme ringup.loyalty_programmes, p_customer_id uuid)
returns table (entered_at timestamptz, amount numeric)
language plpgsql
as $$
declare
    -- Hours, because a day of a time zone may have 23 or 25 of them.
    v_since  timestamptz := ringup.now() - p_programme.tier_window_days * interval '24 hours';
    v_family uuid[] := array(select ringup.customer_family(p_programme.vendor_id, p_customer_id));
begin
    if p_programme.tier_basis = 'spend' then
        return query
            select o.completed_at, greatest(0, o.total_minor - o.tip_minor - o.cash_rounding_minor - coalesce((
                       select sum(t.approved_minor) from ringup.payment_transactions t
                        where t.vendor_id = o.vendor_id and t.order_id = o.id
                          and t.kind = 'refund' and t.status = 'approved'), 0))
              from ringup.orders o
             where o.vendor_id = p_programme.vendor_id and o.customer_id = any(v_family)
               and o.status in ('completed', 'partially_refunded', 'refunded') and o.completed_at > v_since;
    else
        return query
            select t.created_at, t.points::numeric
              from ringup.loyalty_transactions t
             where t.vendor_id = p_programme.vendor_id and t.customer_id = any(v_family) and t.created_at > v_since
               and (t.transaction_type = 'earned' or (t.transaction_type = 'reversed' and t.points < 0));
    end if;
end
$$;
