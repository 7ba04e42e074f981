-- preview_refund(vendor, order, register, …) → what a refund would give back, and how, for a clerk to say yes to
--
-- Why      It is worked out by preparing the refund, points and all, and taking that back again: so it cannot say
--          anything but what a refund would do, and refuses what a refund would refuse.
-- Writes   Nothing.
-- Locks    What prepare_refund locks, for as long as it takes.
-- Repeats  Safe.
-- Raises   What prepare_refund and return_points raise
create or replace function ringup.preview_refund(
    p_vendor_id uuid, p_order_id uuid, p_register_id uuid, p_line_numbers integer[], p_quantities bigint[],
    p_restocks boolean[], p_tip_minor bigint, p_tender_type text, p_external_reference text, p_without_receipt boolean,
    p_staff_id uuid, p_approval_id uuid
)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_id       uuid := ringup.new_id();
    v_document jsonb;
    v_points   record;
begin
    perform ringup.enter_vendor(p_vendor_id);
    begin
        perform from ringup.prepare_refund(
            p_vendor_id, v_id, 'preview-' || v_id, '\x00', p_order_id, p_register_id, p_line_numbers, p_quantities,
            p_restocks, p_tip_minor, p_tender_type, p_external_reference, p_without_receipt, 'preview', p_staff_id, p_approval_id,
            'preview', null, 1);
        v_points := ringup.return_refunded_points(ringup.lock_refund(p_vendor_id, v_id));
        v_document := ringup.refund_document(p_vendor_id, v_id);
        raise sqlstate 'TB001' using message = 'taken back';
    exception when sqlstate 'TB001' then
        null;
    end;
    return jsonb_build_object(
        'object', 'refund_preview', 'order_id', p_order_id, 'order_number', v_document -> 'order_number',
        'currency', v_document -> 'currency', 'amount_minor', v_document -> 'amount_minor',
        'tip_minor', v_document -> 'tip_minor', 'cash_rounding_minor', v_document -> 'cash_rounding_minor',
        'lines', v_document -> 'lines', 'taxes', v_document -> 'taxes',
        'tenders', (
            select coalesce(jsonb_agg(jsonb_build_object(
                       'type', t.item -> 'type', 'processor_id', t.item -> 'processor_id',
                       'refunds_payment_id', t.item -> 'refunds_payment_id',
                       'amount_minor', t.item -> 'amount_minor', 'rounding_minor', t.item -> 'rounding_minor')
                       order by t.ordinality), '[]')
              from jsonb_array_elements(v_document -> 'tenders') with ordinality as t (item, ordinality)),
        'points', jsonb_build_object('reversed', v_points.points_reversed, 'given_back', v_points.points_given_back));
end
$$;
