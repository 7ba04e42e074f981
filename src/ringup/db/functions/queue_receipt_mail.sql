-- queue_receipt_mail(vendor, mail, order, recipient, requested by) → its status
--
-- Why      The wish to get the receipt by e-mail is durable before anybody talks to a mail server.
-- Writes   receipt_mails (one row).
-- Locks    Nothing beyond its own row.
-- Repeats  Safe: the same mail is queued once.
-- Raises   RU001 checkout_not_found · RU101 transition_not_allowed, before the sale is completed
--          · RU113 already_exists, when the mail was of another order or to somebody else
create or replace function ringup.queue_receipt_mail(
    p_vendor_id uuid, p_mail_id uuid, p_order_id uuid, p_recipient text, p_requested_by text
)
returns text
language plpgsql security definer set search_path = ''
as $$
declare
    v_order ringup.orders;
    v_mail  ringup.receipt_mails;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_order := ringup.lock_order(p_vendor_id, p_order_id);
    if v_order.status not in ('completed', 'partially_refunded', 'refunded') then
        raise exception using errcode = 'RU101',
            message = format('there is no receipt while the checkout is %s', v_order.status),
            detail = json_build_object('state', v_order.status)::text;
    end if;
    insert into ringup.receipt_mails (
        vendor_id, id, order_id, recipient, status, next_try_at, requested_by, created_at)
    values (p_vendor_id, p_mail_id, p_order_id, p_recipient, 'queued', ringup.now(), p_requested_by, ringup.now())
    on conflict (vendor_id, id) do nothing;
    select * into v_mail from ringup.receipt_mails m where m.vendor_id = p_vendor_id and m.id = p_mail_id;
    if v_mail.order_id <> p_order_id or v_mail.recipient <> p_recipient then
        raise exception using errcode = 'RU113', message = format('mail %s is another one', p_mail_id);
    end if;
    return v_mail.status;
end
$$;
