-- cash_to_give_back(vendor, amount, rounded before) → how much of it to hand out, in coins that there are
--
-- Why      Rounded is what goes back in cash of a sale in all, not every part by itself: what rounding gave or kept with
--          earlier parts is made up for. So parts come to what the whole comes to, and a sale in cash comes back to the coin.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.cash_to_give_back(p_vendor_id uuid, p_amount bigint, p_rounded_before bigint)
returns bigint
language plpgsql stable
as $$
declare
    v_owed bigint := p_amount - p_rounded_before;
begin
    return greatest(v_owed + ringup.cash_rounding(p_vendor_id, v_owed), 0);
end
$$;
