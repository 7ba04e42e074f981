-- claim_due_payments(vendor, limit, lease seconds) → payments that somebody has to ask about now
--
-- Why      Recovery's work: look up what is in flight too long or in doubt, and tips likewise, undo what a refund
--          voids, void what must go back, capture what was set aside. A claimed row is due again when the lease ends,
--          so a recovery that dies is itself recovered.
--          is_expiring: a capture whose authorisation is about to expire, of which a person is told now and not again.
-- Writes   payment_transactions (next_check_at); reconciliation_items for what is expiring.
-- Locks    The due rows, skipping those that others hold.
-- Repeats  Safe: two workers claim different rows.
-- Raises   Nothing.
create or replace function ringup.claim_due_payments(p_vendor_id uuid, p_limit integer, p_lease_seconds integer)
returns table (payment_id uuid, order_id uuid, step text, is_expiring boolean)
language plpgsql security definer set search_path = ''
as $$
declare
    -- In a variable: compared with a function that may change from row to row, no index could be asked for a range.
    v_now constant timestamptz := ringup.now();
    v_due uuid[];
begin
    perform ringup.enter_vendor(p_vendor_id);
    -- In a list too: joined with what is due, the planner may prefer to read all payments.
    v_due := array(
        select p.id
          from ringup.payment_transactions p
         where p.vendor_id = p_vendor_id and p.next_check_at <= v_now
         order by p.next_check_at
         limit p_limit
           for no key update skip locked);
    for payment_id, order_id, step in
        update ringup.payment_transactions p
           set next_check_at = v_now + make_interval(secs => p_lease_seconds), updated_at = v_now
         where p.vendor_id = p_vendor_id and p.id = any(v_due)
        returning p.id, p.order_id, case
                      when p.status in ('processing', 'unknown')
                          then case p.refund_way when 'void' then 'undo' else 'look_up' end
                      when p.status = 'voiding' then 'void'
                      when p.tip_change_id is not null then 'tip'
                      when p.status = 'approved' and p.capture_status = 'pending' then 'capture'
                      else 'done'
                  end
    loop
        is_expiring := step = 'capture' and ringup.raise_expiring(p_vendor_id, payment_id);
        return next;
    end loop;
end
$$;
