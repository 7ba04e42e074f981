-- read_payment(vendor, payment) → what a terminal's adapter needs to look up, void, capture or pay it back
--
-- Why      One row with the payment, its currency's exponent, its order's number and its age by the database's clock.
--          A void is about the charge, so where a refund voids one it is that charge's particulars. Of what an
--          exchange pays back it also says the new sale, which ends with it.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU002 attempt_not_found
create or replace function ringup.read_payment(p_vendor_id uuid, p_payment_id uuid)
returns table (
    id uuid, order_id uuid, processor_id uuid, status text, reference_id text, amount_minor bigint, tip_minor bigint,
    approved_minor bigint, currency text, exponent smallint, invoice_number text, auth_code text,
    batch_number text, seconds_since_sent double precision, exchange_order_id uuid
)
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    return query
        select p.id, p.order_id, p.payment_processor_id, p.status, q.reference_id, q.amount_minor, q.tip_minor,
               q.approved_minor, p.currency, c.exponent, o.order_number, q.auth_code, q.batch_number,
               coalesce(extract(epoch from ringup.now() - q.sent_at), 0)::double precision,
               case when p.refund_id is not null then ringup.find_exchange(p_vendor_id, p.refund_id) end
          from ringup.payment_transactions p
          join ringup.payment_transactions q
            on q.vendor_id = p.vendor_id
           and q.id = case when p.refund_way = 'void' then p.refunds_payment_id else p.id end
          join ringup.orders o on o.vendor_id = p.vendor_id and o.id = p.order_id
          join ringup.currencies c on c.code = p.currency
         where p.vendor_id = p_vendor_id and p.id = p_payment_id;
    if not found then
        raise exception using errcode = 'RU002', message = format('payment %s does not exist', p_payment_id);
    end if;
end
$$;
