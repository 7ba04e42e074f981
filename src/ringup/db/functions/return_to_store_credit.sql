-- return_to_store_credit(vendor, customer, amount, payment, description) → the balance after
--
-- Why      A refund becomes store credit of the customer, or of whom they were merged into. It belongs to one payment of
--          kind refund, and is given once.
-- Writes   stored_value_accounts, stored_value_transactions.
-- Locks    customer → the account; the caller holds the order.
-- Repeats  Safe: the same payment again changes nothing, and answers the balance after the first time.
-- Raises   RU005 customer_not_found · RU261 store_credit_needs_customer, and what return_value raises
create or replace function ringup.return_to_store_credit(
    p_vendor_id uuid, p_customer_id uuid, p_amount_minor bigint, p_payment_id uuid, p_description text
)
returns bigint
language plpgsql
as $$
begin
    if p_customer_id is null then
        raise exception using errcode = 'RU261', message = 'store credit belongs to a customer: name the customer';
    end if;
    return ringup.return_value(
        p_vendor_id, ringup.open_store_credit(p_vendor_id, p_customer_id), p_amount_minor, p_payment_id, p_description);
end
$$;
