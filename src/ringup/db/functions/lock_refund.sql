-- lock_refund(vendor, refund) → the refund, with its order locked before it
--
-- Why      Whoever knows a refund and not its order still takes the locks in the one order.
-- Writes   Nothing.
-- Locks    order → refund.
-- Repeats  Safe.
-- Raises   RU014 refund_not_found
create or replace function ringup.lock_refund(p_vendor_id uuid, p_refund_id uuid)
returns ringup.refunds
language plpgsql
as $$
declare
    v_refund ringup.refunds;
begin
    perform from ringup.orders o
     where o.vendor_id = p_vendor_id
       and o.id = (select r.order_id from ringup.refunds r where r.vendor_id = p_vendor_id and r.id = p_refund_id)
       for no key update;
    select * into v_refund
      from ringup.refunds r
     where r.vendor_id = p_vendor_id and r.id = p_refund_id
       for no key update;
    if not found then
        raise exception using errcode = 'RU014', message = format('refund %s does not exist', p_refund_id);
    end if;
    return v_refund;
end
$$;
