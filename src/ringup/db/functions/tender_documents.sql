-- tender_documents(vendor, order) → the order's tenders as clients see them, in their order
--
-- Why      The part of a checkout that says how it was paid, or why not.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.tender_documents(p_vendor_id uuid, p_order_id uuid)
returns jsonb
language plpgsql
as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object(
               'payment_id', p.id, 'tender_number', p.tender_number, 'type', p.tender_type,
               'processor_id', p.payment_processor_id, 'status', p.status, 'capture_status', p.capture_status,
               'amount_minor', p.amount_minor, 'approved_minor', p.approved_minor, 'tip_minor', p.tip_minor,
               'tip_wanted_minor', case when p.tip_change_id is not null then (
                   select t.tip_minor from ringup.tip_changes t
                    where t.vendor_id = p.vendor_id and t.id = p.tip_change_id) end,
               'tendered_minor', p.tendered_minor, 'change_minor', p.change_minor,
               'card_brand', p.card_brand, 'card_last4', p.card_last4, 'auth_code', p.auth_code,
               'reference_id', p.reference_id, 'external_reference', p.external_reference,
               'external_reason', p.external_reason,
               'stored_value', case when p.stored_value_id is not null then (
                   select jsonb_build_object('id', a.id, 'code_last4', a.code_last4, 'balance_minor', a.balance_minor)
                     from ringup.stored_value_accounts a
                    where a.vendor_id = p.vendor_id and a.id = p.stored_value_id) end,
               'error_code', p.error_code, 'error_message', p.error_message)
               order by p.tender_number, p.created_at), '[]')
      from ringup.payment_transactions p
     where p.vendor_id = p_vendor_id and p.order_id = p_order_id and p.kind = 'charge'
    );
end
$$;
