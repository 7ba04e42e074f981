-- check_same_points(customer, order, type, recorded, asked) → nothing
--
-- Why      The same order with other points, or for another customer, is a mistake and not a repeat. Whom a customer
--          was merged into is not another one.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU114 points_already_recorded
create or replace function ringup.check_same_points(
    p_customer ringup.customers, p_order_id uuid, p_type text, p_recorded integer, p_asked integer
)
returns void
language plpgsql
as $$
begin
    if p_recorded <> p_asked or not exists (
        select from ringup.loyalty_transactions t
         where t.vendor_id = p_customer.vendor_id and t.reference_type = 'order'
           and t.reference_id = p_order_id::text and t.transaction_type = p_type
           and p_customer.id in (t.customer_id, ringup.surviving_customer(t.vendor_id, t.customer_id))) then
        raise exception using errcode = 'RU114',
            message = format('order %s has %s points recorded as %s already, not %s for this customer',
                             p_order_id, p_recorded, p_type, p_asked);
    end if;
end
$$;
