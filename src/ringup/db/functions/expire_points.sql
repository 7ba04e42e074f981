-- expire_points(vendor, limit) → how many customers' points expired
--
-- Why      The nightly run, which may be called at any time: it goes through at most so many lots that are due, those
--          first that are due longest. Called until it answers 0 it is done; killed half-way it goes on where it was.
-- Writes   customers, loyalty_transactions, loyalty_lots, loyalty_lot_entries.
-- Locks    The customers it takes on, skipping those that others hold: whoever spends applies what is due anyway.
-- Repeats  Safe.
-- Raises   RU204 amount_out_of_range
create or replace function ringup.expire_points(p_vendor_id uuid, p_limit integer)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    v_now         timestamptz := ringup.now();
    v_customer_id uuid;
    v_count       integer := 0;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if p_limit is null or p_limit not between 1 and 10000 then
        raise exception using errcode = 'RU204', message = format('%s is not a number of lots from 1 to 10000', p_limit);
    end if;
    for v_customer_id in
        select distinct d.customer_id
          from (select l.customer_id
                  from ringup.loyalty_lots l
                  join ringup.customers c on c.vendor_id = l.vendor_id and c.id = l.customer_id
                 where l.vendor_id = p_vendor_id and l.remaining > 0 and l.expires_at <= v_now
                   -- Nothing to do, for now, where all that is due is held.
                   and c.loyalty_points_held < (
                       select sum(s.remaining) from ringup.loyalty_lots s
                        where s.vendor_id = p_vendor_id and s.customer_id = c.id
                          and s.remaining > 0 and s.expires_at <= v_now)
                 order by l.expires_at
                 limit p_limit
                   for no key update of c skip locked) as d
    loop
        if ringup.expire_points_of(p_vendor_id, v_customer_id) > 0 then
            v_count := v_count + 1;
        end if;
    end loop;
    return v_count;
end
$$;
