-- check_same_return(vendor, order, refund, line numbers, quantities) → nothing
--
-- Why      The same refund with other lines is a mistake and not a repeat.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the order.
-- Repeats  Safe.
-- Raises   RU114 points_already_recorded
create or replace function ringup.check_same_return(
    p_vendor_id uuid, p_order_id uuid, p_refund_id uuid, p_line_numbers integer[], p_quantities bigint[]
)
returns void
language plpgsql
as $$
begin
    if (select array_agg((n.number, n.quantity) order by n.number)
          from unnest(p_line_numbers, p_quantities) as n (number, quantity))
       is distinct from
       (select array_agg((r.line_number, r.quantity) order by r.line_number)
          from ringup.loyalty_returns r
         where r.vendor_id = p_vendor_id and r.order_id = p_order_id and r.refund_id = p_refund_id) then
        raise exception using errcode = 'RU114',
            message = format('refund %s is recorded already, with other lines', p_refund_id);
    end if;
end
$$;
