-- claim_receipt_mails(vendor, limit, lease seconds) → mails to send now
--
-- Why      Any number of workers share the work. A sender that dies is followed by another when its lease ends; the
--          mail keeps its message id, so that a mail server or reader can tell the second from a new one.
-- Writes   receipt_mails (next_try_at, try_count).
-- Locks    The due rows, skipping those that others hold.
-- Repeats  Safe: two workers claim different rows.
-- Raises   Nothing.
create or replace function ringup.claim_receipt_mails(p_vendor_id uuid, p_limit integer, p_lease_seconds integer)
returns table (mail_id uuid, order_id uuid, recipient text)
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    return query
        with due as materialized (
            select m.id
              from ringup.receipt_mails m
             where m.vendor_id = p_vendor_id and m.status = 'queued' and m.next_try_at <= ringup.now()
             order by m.next_try_at
             limit p_limit
               for no key update skip locked
        )
        update ringup.receipt_mails m
           set next_try_at = ringup.now() + make_interval(secs => p_lease_seconds), try_count = m.try_count + 1
          from due d
         where m.vendor_id = p_vendor_id and m.id = d.id
        returning m.id, m.order_id, m.recipient;
end
$$;
