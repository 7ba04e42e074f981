-- new_refund(order, refund, register, key, request hash) → a refund that is not stored yet
--
-- Why      Money goes back at a register that is open now, and its shift answers for it: not that of the sale.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU004 register_not_found; without an open session its session is null
create or replace function ringup.new_refund(
    p_order ringup.orders, p_refund_id uuid, p_register_id uuid, p_key text, p_request_hash bytea
)
returns ringup.refunds
language plpgsql
as $$
declare
    v_refund ringup.refunds;
begin
    select r.location_id, s.id into v_refund.location_id, v_refund.register_session_id
      from ringup.registers r
      left join ringup.register_sessions s
        on s.vendor_id = r.vendor_id and s.register_id = r.id and s.closed_at is null and s.kind = 'shift'
     where r.vendor_id = p_order.vendor_id and r.id = p_register_id and r.is_active;
    if not found then
        raise exception using errcode = 'RU004', message = format('register %s does not exist', p_register_id);
    end if;
    v_refund.vendor_id := p_order.vendor_id;
    v_refund.id := p_refund_id;
    v_refund.order_id := p_order.id;
    v_refund.register_id := p_register_id;
    v_refund.status := 'open';
    v_refund.without_receipt := false;
    v_refund.amount_minor := 0;
    v_refund.tip_minor := 0;
    v_refund.cash_rounding_minor := 0;
    v_refund.currency := p_order.currency;
    v_refund.points_reversed := 0;
    v_refund.points_given_back := 0;
    v_refund.idempotency_key := p_key;
    v_refund.request_hash := p_request_hash;
    v_refund.created_at := ringup.now();
    v_refund.updated_at := ringup.now();
    return v_refund;
end
$$;
