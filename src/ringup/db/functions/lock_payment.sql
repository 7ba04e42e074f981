-- lock_payment(vendor, payment) → the payment row, locked, with its order locked before it
--
-- Why      Whoever knows a payment and not its order still takes the locks in the one order.
-- Writes   Nothing.
-- Locks    order → payment.
-- Repeats  Safe.
-- Raises   RU002 attempt_not_found
create or replace function ringup.lock_payment(p_vendor_id uuid, p_payment_id uuid)
returns ringup.payment_transactions
language plpgsql
as $$
declare
    v_payment ringup.payment_transactions;
begin
    perform from ringup.orders o
     where o.vendor_id = p_vendor_id
       and o.id = (select p.order_id
                     from ringup.payment_transactions p
                    where p.vendor_id = p_vendor_id and p.id = p_payment_id)
       for no key update;
    if not found then
        raise exception using errcode = 'RU002', message = format('payment %s does not exist', p_payment_id);
    end if;
    select * into v_payment
      from ringup.payment_transactions p
     where p.vendor_id = p_vendor_id and p.id = p_payment_id
       for no key update;
    return v_payment;
end
$$;
