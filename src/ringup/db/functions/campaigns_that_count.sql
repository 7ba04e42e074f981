-- campaigns_that_count(vendor, customer, lines, paid, is kept) → the campaigns that count for this sale
--
-- Why      In force now, for something that is paid for, its minimum spent, and not yet used up by this customer.
--          What other checkouts of the customer hold uses it up as well, so the customer's row is where
--          two registers meet. Nobody is locked for a campaign without a limit, nor for an answer that is not kept.
-- Writes   Nothing.
-- Locks    The customer row, where a campaign with a limit matches.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.campaigns_that_count(
    p_vendor_id uuid, p_customer_id uuid, p_lines ringup.priced_line[], p_paid bigint[], p_is_kept boolean
)
returns ringup.loyalty_campaigns[]
language plpgsql
as $$
declare
    v_now       timestamptz := ringup.now();
    v_campaigns ringup.loyalty_campaigns[] := array(
        select c
          from ringup.loyalty_campaigns c
         where c.vendor_id = p_vendor_id and c.is_active and c.starts_at <= v_now and c.ends_at > v_now
           and (select sum(p_paid[l.ordinality]) from unnest(p_lines) with ordinality as l
                 where ringup.campaign_covers(c, l.product_id, l.category)) >= greatest(c.minimum_spend_minor, 1)
         order by c.id);
begin
    if not exists (select from unnest(v_campaigns) as c where c.customer_limit is not null) then
        return v_campaigns;
    end if;
    if p_is_kept then
        perform from ringup.customers c
          where c.vendor_id = p_vendor_id and c.id = p_customer_id
            for no key update;
    end if;
    return array(
        select c
          from unnest(v_campaigns) as c
         where c.customer_limit is null
            or c.customer_limit > (
                select count(*) from ringup.loyalty_campaign_grants g
                 where g.vendor_id = p_vendor_id and g.campaign_id = c.id and g.status <> 'released'
                   and g.customer_id in (select ringup.customer_family(p_vendor_id, p_customer_id)))
         order by c.id);
end
$$;
