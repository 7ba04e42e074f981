-- cash_rounding(vendor, amount) → what rounding adds to an amount in cash, or takes from it
--
-- Why      The vendor's own rule counts, else that of its currency, else nothing is rounded. A refund in
--          cash asks with a negative amount and is answered with the sign turned.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.cash_rounding(p_vendor_id uuid, p_amount bigint)
returns bigint
language sql stable
as $$
    select ringup.round_cash(p_amount, coalesce(r.step_minor, d.step_minor, 1),
                             coalesce(r.mode, d.mode, 'nearest')) - p_amount
      from ringup.vendors v
      left join ringup.cash_rules r on r.vendor_id = v.id
      left join ringup.cash_rules_default d on d.currency = v.currency
     where v.id = p_vendor_id
$$;
