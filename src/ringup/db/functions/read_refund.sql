-- read_refund(vendor, refund) → the refund as clients see it
--
-- Why      How it stands now.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU014 refund_not_found
create or replace function ringup.read_refund(p_vendor_id uuid, p_refund_id uuid)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_document jsonb;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_document := ringup.refund_document(p_vendor_id, p_refund_id);
    if v_document is null then
        raise exception using errcode = 'RU014', message = format('refund %s does not exist', p_refund_id);
    end if;
    return v_document;
end
$$;
