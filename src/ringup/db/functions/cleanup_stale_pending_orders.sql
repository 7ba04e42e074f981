-- cleanup_stale_pending_orders(minutes) → how many it cancelled
--
-- Why      Gives back what checkouts set aside that wait for payment longer than that. What may have been charged
--          is left for recovery to find out first. At most 1,000 per vendor and call. Without a claimed
--          vendor it looks at every vendor, one after the other.
-- Writes   What end_unpaid writes.
-- Locks    order → payments → customer → inventory, one order after the other, skipping those that others hold.
-- Repeats  Safe.
-- Raises   RU204 amount_out_of_range
create or replace function ringup.cleanup_stale_pending_orders(p_minutes integer)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    v_vendor_id uuid;
    v_order_id  uuid;
    v_claimed   uuid := ringup.current_vendor();
    v_count     integer := 0;
begin
    if p_minutes is null or p_minutes < 0 then
        raise exception using errcode = 'RU204', message = format('%s is not a number of minutes', p_minutes);
    end if;
    for v_vendor_id in select v.id from ringup.vendors v where v.id = v_claimed or v_claimed is null order by v.id loop
        perform ringup.enter_vendor(v_vendor_id);
        for v_order_id in
            select o.id
              from ringup.orders o
             where o.vendor_id = v_vendor_id and o.status in ('pending_payment', 'payment_processing')
               and o.created_at < ringup.now() - make_interval(mins => p_minutes)
               and not exists (
                   select from ringup.payment_transactions p
                    where p.vendor_id = v_vendor_id and p.order_id = o.id
                      and p.status in ('processing', 'unknown', 'approved', 'voiding'))
               and (o.exchange_refund_id is null
                    or ringup.exchange_money(v_vendor_id, o.exchange_refund_id) is null)
             order by o.id
             limit 1000
               for no key update of o skip locked
        loop
            perform ringup.end_unpaid(v_vendor_id, v_order_id, 'cancelled', 'checkout_expired',
                                      format('nobody paid for more than %s minutes', p_minutes));
            v_count := v_count + 1;
        end loop;
    end loop;
    perform pg_catalog.set_config('ringup.vendor_id', coalesce(v_claimed::text, ''), true);
    return v_count;
end
$$;
