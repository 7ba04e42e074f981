-- read_checkout(vendor, order) → the checkout as clients see it
--
-- Why      The same shape as the answer that was stored, as things stand now.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU001 checkout_not_found
create or replace function ringup.read_checkout(p_vendor_id uuid, p_order_id uuid)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_document jsonb;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_document := ringup.checkout_document(p_vendor_id, p_order_id);
    if v_document is null then
        raise exception using errcode = 'RU001', message = format('checkout %s does not exist', p_order_id);
    end if;
    return v_document;
end
$$;
