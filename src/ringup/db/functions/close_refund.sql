-- close_refund(vendor, refund) → nothing
--
-- Why      Nothing of the refund waits for a terminal any more: cash is given, goods go back on the shelf, points go where
--          they came from, the shift's totals move, and the sale says so.
-- Writes   payment_transactions, loyalty tables (return_points), stored-value tables, inventory, inventory_movements, refunds,
--          register_sessions (a late one), orders, order_events.
-- Locks    The caller holds the order; payments → customer → gift cards → inventory → session.
-- Repeats  Not idempotent; finish_refund and complete_exchange see to it.
-- Raises   What return_points raises
create or replace function ringup.close_refund(p_vendor_id uuid, p_refund_id uuid)
returns void
language plpgsql
as $$
declare
    v_refund ringup.refunds;
    v_points record;
begin
    update ringup.payment_transactions p
       set status = ringup.next_state('payment', p.status, 'accepted'), approved_minor = p.amount_minor,
           settled_at = ringup.now(), updated_at = ringup.now()
      from ringup.refunds r
     where r.vendor_id = p_vendor_id and r.id = p_refund_id and p.vendor_id = p_vendor_id
       and p.order_id = r.order_id and p.refund_id = r.id and p.status = 'created' and p.tender_type <> 'card';
    select * into v_refund from ringup.refunds r where r.vendor_id = p_vendor_id and r.id = p_refund_id;
    v_points := ringup.return_refunded_points(v_refund);
    perform ringup.return_refunded_value(v_refund);
    perform ringup.restock_refund(v_refund);
    perform ringup.count_refund(v_refund);
    update ringup.refunds r
       set status = ringup.next_state('refund', r.status, 'completed'), lease_until = null,
           points_reversed = v_points.points_reversed, points_given_back = v_points.points_given_back,
           completed_at = ringup.now(), updated_at = ringup.now()
     where r.vendor_id = p_vendor_id and r.id = p_refund_id;
    perform ringup.advance_order(
        p_vendor_id, v_refund.order_id, ringup.refund_event(p_vendor_id, v_refund.order_id),
        jsonb_build_object('refund_id', p_refund_id, 'amount_minor', v_refund.amount_minor));
end
$$;
