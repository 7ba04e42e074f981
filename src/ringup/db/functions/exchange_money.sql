-- exchange_money(vendor, refund) → moving, back, or null
--
-- Why      What keeps an exchange from being given up: a terminal that pays back or may have, or money that is back.
-- Writes   Nothing.
-- Locks    Nothing; who relies on it holds the refund.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.exchange_money(p_vendor_id uuid, p_refund_id uuid)
returns text
language plpgsql stable
as $$
begin
    return (
        select case when bool_or(p.status in ('processing', 'unknown')) then 'moving'
                    when bool_or(p.status = 'approved') then 'back' end
          from ringup.refunds r
          join ringup.payment_transactions p
            on p.vendor_id = r.vendor_id and p.order_id = r.order_id and p.refund_id = r.id
         where r.vendor_id = p_vendor_id and r.id = p_refund_id);
end
$$;
