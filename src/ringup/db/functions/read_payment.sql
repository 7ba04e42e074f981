-- read_payment(vendor, payment) → what a terminal's adapter needs to charge, look up, void or capture it
--
-- Why      One row with the payment, its currency's exponent, its order's number and its age by the database's clock.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU002 attempt_not_found
create or replace function ringup.read_payment(p_vendor_id uuid, p_payment_id uuid)
returns table (
    id uuid, order_id uuid, processor_id uuid, status text, reference_id text, amount_minor bigint, tip_minor bigint,
    approved_minor bigint, currency text, exponent smallint, invoice_number text, auth_code text,
    batch_number text, seconds_since_sent double precision
)
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    return query
        select p.id, p.order_id, p.payment_processor_id, p.status, p.reference_id, p.amount_minor, p.tip_minor,
               p.approved_minor, p.currency, c.exponent, o.order_number, p.auth_code, p.batch_number,
               coalesce(extract(epoch from ringup.now() - p.sent_at), 0)::double precision
          from ringup.payment_transactions p
          join ringup.orders o on o.vendor_id = p.vendor_id and o.id = p.order_id
          join ringup.currencies c on c.code = p.currency
         where p.vendor_id = p_vendor_id and p.id = p_payment_id;
    if not found then
        raise exception using errcode = 'RU002', message = format('payment %s does not exist', p_payment_id);
    end if;
end
$$;
