-- return_refunded_points(refund) → the points that went, and those that came back
--
-- Why      A refund's lines decide what becomes of the sale's points. A tip earns none, so one without lines moves none.
-- Writes   What return_points writes.
-- Locks    The caller holds the order; then the customer.
-- Repeats  Safe, as return_points is.
-- Raises   What return_points raises
create or replace function ringup.return_refunded_points(
    p_refund ringup.refunds, out points_reversed integer, out points_given_back integer
)
returns record
language plpgsql
as $$
declare
    v_numbers    integer[];
    v_quantities bigint[];
begin
    points_reversed := 0;
    points_given_back := 0;
    select array_agg(l.line_number order by l.line_number), array_agg(l.quantity order by l.line_number)
      into v_numbers, v_quantities
      from ringup.refund_lines l
     where l.vendor_id = p_refund.vendor_id and l.refund_id = p_refund.id;
    if v_numbers is not null then
        select r.points_reversed, r.points_given_back into points_reversed, points_given_back
          from ringup.return_points(p_refund.vendor_id, p_refund.order_id, p_refund.id, v_numbers, v_quantities) as r;
    end if;
end
$$;
