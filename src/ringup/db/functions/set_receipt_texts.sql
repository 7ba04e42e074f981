-- set_receipt_texts(vendor, location, header, footer, actor) → nothing
--
-- Why      A store's own lines on its receipts. Receipts printed from now on have them, of old sales as well.
-- Writes   receipt_texts, audit_log.
-- Locks    The location's row of texts.
-- Repeats  Safe.
-- Raises   RU003 location_not_found
create or replace function ringup.set_receipt_texts(
    p_vendor_id uuid, p_location_id uuid, p_header text, p_footer text, p_actor text
)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    if not exists (select from ringup.locations l where l.vendor_id = p_vendor_id and l.id = p_location_id) then
        raise exception using errcode = 'RU003', message = format('location %s does not exist', p_location_id);
    end if;
    insert into ringup.receipt_texts (vendor_id, location_id, header, footer, updated_at)
    values (p_vendor_id, p_location_id, p_header, p_footer, ringup.now())
    on conflict (vendor_id, location_id) do update
       set header = excluded.header, footer = excluded.footer, updated_at = excluded.updated_at;
    perform ringup.write_audit(p_vendor_id, p_actor, 'receipt_texts_set', 'location', p_location_id::text, null,
                               jsonb_build_object('header', p_header, 'footer', p_footer));
end
$$;
