-- claim_order_payments(vendor, order, lease seconds) → the order's payments that somebody has to ask about
--
-- Why      Whoever wants something of an order finds out first what became of its money, without waiting for the
--          ladder. A payment that is still being charged by a live process is left to it.
-- Writes   payment_transactions (next_check_at).
-- Locks    The claimed rows, skipping those that others hold.
-- Repeats  Safe: two callers claim different rows.
-- Raises   Nothing.
create or replace function ringup.claim_order_payments(p_vendor_id uuid, p_order_id uuid, p_lease_seconds integer)
returns table (payment_id uuid, order_id uuid, step text)
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    return query
        with wanted as materialized (
            select p.id
              from ringup.payment_transactions p
             where p.vendor_id = p_vendor_id and p.order_id = p_order_id
               and (p.status in ('unknown', 'voiding')
                    or exists (select from ringup.tip_changes t
                                where t.vendor_id = p_vendor_id and t.id = p.tip_change_id and t.status = 'unknown')
                    or (p.tip_change_id is not null and p.next_check_at <= ringup.now())
                    or (p.status = 'processing' and p.next_check_at <= ringup.now()))
               for no key update skip locked
        ), claimed as (
            update ringup.payment_transactions p
               set next_check_at = ringup.now() + make_interval(secs => p_lease_seconds), updated_at = ringup.now()
              from wanted w
             where p.vendor_id = p_vendor_id and p.id = w.id
            returning p.id, p.order_id, p.status, p.refund_way, p.tip_change_id
        )
        select c.id, c.order_id, case when c.status = 'voiding' then 'void' when c.tip_change_id is not null then 'tip'
                                      when c.refund_way = 'void' then 'undo' else 'look_up' end
          from claimed c;
end
$$;
