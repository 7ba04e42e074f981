-- What was asked to go out by e-mail, and what came of it.
create view ringup.receipt_mail_list as
select m.vendor_id, m.id, m.order_id, m.recipient, m.status, m.try_count, m.next_try_at, m.error, m.created_at,
       m.sent_at
  from ringup.receipt_mails m;
