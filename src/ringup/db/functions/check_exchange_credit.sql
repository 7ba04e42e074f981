-- check_exchange_credit(vendor, new order id, tender types, amounts) → nothing
--
-- Why      Only goods that come back in the same document pay as an exchange: the tender is what an open refund that was
--          made for this very sale gives, to the minor unit. Nobody can state it.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU202 tenders_do_not_add_up
create or replace function ringup.check_exchange_credit(
    p_vendor_id uuid, p_order_id uuid, p_types text[], p_amounts bigint[]
)
returns void
language plpgsql
as $$
declare
    v_credit bigint;
begin
    -- Most sales have none, and are asked nothing more.
    if not coalesce('exchange' = any(p_types), false) then
        return;
    end if;
    select ringup.exchange_credit(p_vendor_id, r.id) into v_credit
      from ringup.refunds r
     where r.vendor_id = p_vendor_id and r.idempotency_key = 'exchange:' || p_order_id and r.status = 'open';
    if (select count(*) from unnest(p_types) as t where t = 'exchange') <> 1
       or p_amounts[array_position(p_types, 'exchange')] is distinct from v_credit then
        raise exception using errcode = 'RU202',
            message = 'only goods that come back in the same document pay as an exchange';
    end if;
end
$$;
