-- tip_to_refund(order, tip, is whole) → how much of the tip goes back
--
-- Why      A tip goes back when it is named, or with all of the rest; never more than was given.
-- Writes   Nothing.
-- Locks    Nothing; who relies on it holds the order.
-- Repeats  Safe.
-- Raises   RU118 return_too_large
create or replace function ringup.tip_to_refund(p_order ringup.orders, p_tip_minor bigint, p_is_whole boolean)
returns bigint
language plpgsql stable
as $$
declare
    v_left bigint := p_order.tip_minor - coalesce((
        select sum(r.tip_minor) from ringup.refunds r
         where r.vendor_id = p_order.vendor_id and r.order_id = p_order.id and r.status <> 'cancelled'), 0);
begin
    if p_tip_minor < 0 or p_tip_minor > v_left then
        raise exception using errcode = 'RU118',
            message = format('%s of the tip is to go back, and %s can', p_tip_minor, v_left),
            detail = json_build_object('returnable_tip_minor', v_left)::text;
    end if;
    return coalesce(p_tip_minor, case when p_is_whole then v_left else 0 end);
end
$$;
