-- write_tenders(vendor, order, session, currency, tenders, after) → nothing
--
-- Why      A payment and its reference exist before anybody is asked for money. p_after is the last tender's number.
-- Writes   payment_transactions (one 'created' row per tender).
-- Locks    Nothing beyond its own rows.
-- Repeats  Not idempotent; called once, with the order's creation or when tenders are added.
-- Raises   Nothing.
create or replace function ringup.write_tenders(
    p_vendor_id uuid, p_order_id uuid, p_session_id uuid, p_currency text, p_tenders ringup.planned_tender[],
    p_after integer default 0
)
returns void
language plpgsql
as $$
begin
    insert into ringup.payment_transactions (
        vendor_id, id, order_id, register_session_id, payment_processor_id, kind, tender_number, tender_type, status,
        amount_minor, tip_minor, tendered_minor, change_minor, currency, reference_id, external_reference,
        stored_value_id, external_reason, created_at, updated_at)
    select p_vendor_id, t.id, p_order_id, p_session_id, t.processor_id, 'charge', p_after + t.ordinality, t.tender_type,
           'created',
           t.amount_minor, t.tip_minor, t.tendered_minor, t.change_minor, p_currency,
           replace(t.id::text, '-', ''), t.external_reference, t.stored_value_id, t.external_reason,
           ringup.now(), ringup.now()
      from (select u.*, ringup.new_id() as id from unnest(p_tenders) with ordinality as u) as t;
end
$$;
