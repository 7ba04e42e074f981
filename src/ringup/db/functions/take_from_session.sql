-- take_from_session(refund) → nothing
--
-- Why      The shift's running totals move with the refund, by the tender that the money went back to.
-- Writes   register_sessions (one row).
-- Locks    The session row, last of all.
-- Repeats  Not idempotent; called once, with the refund's completion.
-- Raises   Nothing.
create or replace function ringup.take_from_session(p_refund ringup.refunds)
returns void
language plpgsql
as $$
begin
    update ringup.register_sessions s
       set refund_count = s.refund_count + 1, refunded_minor = s.refunded_minor + t.total,
           cash_minor = s.cash_minor - t.cash, card_minor = s.card_minor - t.card,
           external_minor = s.external_minor - t.external
      from (select coalesce(sum(p.approved_minor), 0) as total,
                   coalesce(sum(p.approved_minor) filter (where p.tender_type = 'cash'), 0) as cash,
                   coalesce(sum(p.approved_minor) filter (where p.tender_type = 'card'), 0) as card,
                   coalesce(sum(p.approved_minor) filter (where p.tender_type = 'external'), 0) as external
              from ringup.payment_transactions p
             where p.vendor_id = p_refund.vendor_id and p.order_id = p_refund.order_id
               and p.refund_id = p_refund.id and p.status = 'approved') as t
     where s.vendor_id = p_refund.vendor_id and s.id = p_refund.register_session_id;
end
$$;
