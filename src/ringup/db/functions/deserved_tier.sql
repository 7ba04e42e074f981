-- deserved_tier(programme, customer) → the highest tier the customer deserves now, and until when without another sale
--
-- Why      The tier lasts until the entry without which its threshold is not reached leaves the window.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing; no row where no tier is deserved.
create or replace function ringup.deserved_tier(p_programme ringup.loyalty_programmes, p_customer_id uuid)
returns table (name text, threshold bigint, deserved_until timestamptz)
language sql
as $$
    with entry as (
        select e.entered_at, sum(e.amount) as amount
          from ringup.tier_entries(p_programme, p_customer_id) as e
         group by e.entered_at
    ),

    tail as (
        select e.entered_at, sum(e.amount) over (order by e.entered_at desc) - e.amount as without_it
          from entry e
    )

    select t.name, t.threshold,
           (select min(l.entered_at) from tail l where l.without_it < t.threshold)
           + p_programme.tier_window_days * interval '24 hours'
      from ringup.loyalty_tiers t
     where t.vendor_id = p_programme.vendor_id and t.valid_from = p_programme.valid_from
       and t.threshold <= (select sum(e.amount) from entry e)
     order by t.threshold desc
     limit 1
$$;
