-- refundable_of(charge) → how much of a charge can still be paid back, in minor units
--
-- Why      Never more than was captured. An attempt to pay back counts from the moment it is planned, and until it is
--          known not to have paid anything.
-- Writes   Nothing.
-- Locks    Nothing; who relies on it holds the order, and every attempt is planned under that lock.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.refundable_of(p_charge ringup.payment_transactions)
returns bigint
language plpgsql stable
as $$
begin
    if p_charge.kind <> 'charge' or p_charge.status <> 'approved' or p_charge.capture_status = 'failed' then
        return 0;
    end if;
    return p_charge.approved_minor - coalesce((
        select sum(coalesce(p.approved_minor, p.amount_minor))
          from ringup.payment_transactions p
         where p.vendor_id = p_charge.vendor_id and p.refunds_payment_id = p_charge.id and p.kind = 'refund'
           and p.status not in ('declined', 'error')), 0);
end
$$;
