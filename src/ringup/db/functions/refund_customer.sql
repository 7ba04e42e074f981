-- refund_customer(refund) → the customer to whom store credit of the refund goes
--
-- Why      Store credit is somebody's: the customer's of the sale, or of whom they were merged into since.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU261 store_credit_needs_customer
create or replace function ringup.refund_customer(p_refund ringup.refunds)
returns uuid
language plpgsql stable
as $$
declare
    v_customer_id uuid := (select o.customer_id from ringup.orders o
                            where o.vendor_id = p_refund.vendor_id and o.id = p_refund.order_id);
begin
    if v_customer_id is null then
        raise exception using errcode = 'RU261',
            message = 'store credit belongs to a customer, and the sale names none';
    end if;
    return v_customer_id;
end
$$;
