-- keep_checkouts(vendor, orders, lease seconds) → how many are still the caller's
--
-- Why      A process says that it lives and still drives these sales, however long their customers take. When it
--          dies it stops saying so, and its sales are found one lease later, not when the slowest terminal must be done.
-- Writes   orders (lease_until), payment_transactions (next_check_at of what is being charged).
-- Locks    order → payments. What somebody else is working on is left out: that one lives.
-- Repeats  Safe. A lease that has run out is not renewed: others may have taken over.
-- Raises   Nothing.
create or replace function ringup.keep_checkouts(p_vendor_id uuid, p_order_ids uuid[], p_lease_seconds integer)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    v_now   constant timestamptz := ringup.now();
    v_until constant timestamptz := v_now + make_interval(secs => p_lease_seconds);
    v_kept  uuid[];
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_kept := array(
        select o.id
          from ringup.orders o
         where o.vendor_id = p_vendor_id and o.id = any(p_order_ids) and o.lease_until > v_now
           and o.status in ('pending_payment', 'payment_processing', 'payment_authorized')
         order by o.id
           for no key update skip locked);
    update ringup.orders o
       set lease_until = v_until
     where o.vendor_id = p_vendor_id and o.id = any(v_kept) and o.lease_until < v_until;
    update ringup.payment_transactions p
       set next_check_at = v_until
     where p.vendor_id = p_vendor_id and p.order_id = any(v_kept) and p.status = 'processing'
       and p.next_check_at > v_now and p.next_check_at < v_until;
    return cardinality(v_kept);
end
$$;
