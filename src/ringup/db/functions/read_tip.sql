-- read_tip(vendor, payment) → the change of its tip that a terminal is asked for, or that is in doubt
--
-- Why      What an adapter needs beside the payment itself: the whole tip that is wanted, and for how long it is.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing; no row where none is under way.
create or replace function ringup.read_tip(p_vendor_id uuid, p_payment_id uuid)
returns table (tip_id uuid, tip_minor bigint, seconds_since_sent double precision)
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    return query
        select t.id, t.tip_minor, extract(epoch from ringup.now() - t.sent_at)::double precision
          from ringup.payment_transactions p
          join ringup.tip_changes t on t.vendor_id = p.vendor_id and t.id = p.tip_change_id
         where p.vendor_id = p_vendor_id and p.id = p_payment_id;
end
$$;
