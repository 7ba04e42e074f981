-- check_currency(vendor, currency or null) → nothing
--
-- Why      A float of 100 is not the same in two currencies. Who names one is checked; who names none means the vendor's.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU203 currency_mismatch
create or replace function ringup.check_currency(p_vendor_id uuid, p_currency text)
returns void
language plpgsql
as $$
declare
    v_currency text := (select v.currency from ringup.vendors v where v.id = p_vendor_id);
begin
    if p_currency <> v_currency then
        raise exception using errcode = 'RU203',
            message = format('the drawers of this vendor hold %s, not %s', v_currency, p_currency);
    end if;
end
$$;
