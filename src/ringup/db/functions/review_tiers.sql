-- review_tiers(vendor, limit) → how many customers were reviewed
--
-- Why      Tiers follow what customers spend or earn, some customers at a time: those with a new sale, and those
--          whose tier may have run out. Called until it answers 0, it has been through all.
-- Writes   customers, audit_log.
-- Locks    The customers it reviews, as far as nobody else holds them.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.review_tiers(p_vendor_id uuid, p_limit integer)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    v_programme ringup.loyalty_programmes;
    v_customer  ringup.customers;
    v_count     integer := 0;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_programme := ringup.current_programme(p_vendor_id);
    for v_customer in
        select *
          from ringup.customers c
         where c.vendor_id = p_vendor_id and c.loyalty_tier_review_at <= ringup.now()
         order by c.loyalty_tier_review_at
         limit p_limit
           for no key update skip locked
    loop
        perform ringup.review_tier(v_programme, v_customer);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
