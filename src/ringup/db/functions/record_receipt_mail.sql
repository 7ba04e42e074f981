-- record_receipt_mail(vendor, mail, problem, final) → its status
--
-- Why      What the mail server said. No problem: it is sent. A problem that may pass is tried again, later each
--          time, for three days; a final one (no such address) is not.
-- Writes   receipt_mails.
-- Locks    The row.
-- Repeats  Safe: what was sent stays sent.
-- Raises   Nothing; null for a mail that does not exist.
create or replace function ringup.record_receipt_mail(
    p_vendor_id uuid, p_mail_id uuid, p_problem text, p_final boolean
)
returns text
language plpgsql security definer set search_path = ''
as $$
declare
    v_status text;
begin
    perform ringup.enter_vendor(p_vendor_id);
    update ringup.receipt_mails m
       set status = n.status, error = left(p_problem, 500),
           sent_at = case when n.status = 'sent' then ringup.now() end,
           next_try_at = case when n.status = 'queued'
                              then ringup.now() + least(interval '1 minute' * power(4, least(m.try_count, 8) - 1),
                                                        interval '12 hours') end
      from (select q.id,
                   case when p_problem is null then 'sent'
                        when p_final or q.created_at < ringup.now() - interval '3 days' then 'failed'
                        else 'queued' end as status
              from ringup.receipt_mails q
             where q.vendor_id = p_vendor_id and q.id = p_mail_id) as n
     where m.vendor_id = p_vendor_id and m.id = n.id and m.status = 'queued'
    returning m.status into v_status;
    return coalesce(v_status, (select m.status from ringup.receipt_mails m
                                where m.vendor_id = p_vendor_id and m.id = p_mail_id));
end
$$;
