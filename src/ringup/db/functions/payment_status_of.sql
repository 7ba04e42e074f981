-- payment_status_of(vendor, order, order status) → what the order's payments amount to
--
-- Why      orders.payment_status is a summary of the payments, never a state of its own.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the order.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.payment_status_of(p_vendor_id uuid, p_order_id uuid, p_order_status text)
returns text
language plpgsql stable
as $$
begin
    return (
    select case
        when bool_or(p.status = 'unknown') then 'unknown'
        when bool_or(p.status = 'voiding') then 'voiding'
        when p_order_status in ('refunded', 'partially_refunded') then p_order_status
        when p_order_status = 'completed' then 'paid'
        when p_order_status = 'payment_authorized' then 'authorized'
        when p_order_status in ('payment_failed', 'cancelled') and bool_or(p.status = 'approved') then 'authorized'
        when bool_or(p.status = 'voided') then 'voided'
        else 'unpaid'
    end
      from ringup.payment_transactions p
     where p.vendor_id = p_vendor_id and p.order_id = p_order_id and p.kind = 'charge'
    );
end
$$;
