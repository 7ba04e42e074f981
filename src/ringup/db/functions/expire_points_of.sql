-- expire_points_of(vendor, customer) → how many points expired
--
-- Why      What is due goes, with one ledger row. What is held stays: spending takes the first to expire, so holds
--          are for the lots that are due; if the sale is given up they go the next time.
-- Writes   customers, loyalty_transactions, loyalty_lots, loyalty_lot_entries.
-- Locks    The customer row.
-- Repeats  Safe: what has expired is not there any more.
-- Raises   What post_points raises.
create or replace function ringup.expire_points_of(p_vendor_id uuid, p_customer_id uuid)
returns integer
language plpgsql
as $$
declare
    v_now    timestamptz := ringup.now();
    v_points integer;
begin
    perform from ringup.loyalty_lots l
      where l.vendor_id = p_vendor_id and l.customer_id = p_customer_id and l.remaining > 0 and l.expires_at <= v_now
      limit 1;
    if not found then
        return 0;
    end if;
    perform from ringup.customers c where c.vendor_id = p_vendor_id and c.id = p_customer_id for no key update;
    select sum(l.remaining) - min(c.loyalty_points_held) into v_points
      from ringup.loyalty_lots l
      join ringup.customers c on c.vendor_id = l.vendor_id and c.id = l.customer_id
     where l.vendor_id = p_vendor_id and l.customer_id = p_customer_id and l.remaining > 0 and l.expires_at <= v_now;
    if v_points is null or v_points <= 0 then
        return 0;
    end if;
    perform ringup.post_points(
        p_vendor_id, p_customer_id, -v_points, 'expired', 'expiry',
        (select (v_now at time zone v.time_zone)::date::text from ringup.vendors v where v.id = p_vendor_id),
        format('%s points expired', v_points));
    return v_points;
end
$$;
