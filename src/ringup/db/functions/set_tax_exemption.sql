-- set_tax_exemption(vendor, customer, reason, certificate, valid until, by whom, approval, actor) → nothing
--
-- Why      Who buys without tax, why, and by which certificate. Without a reason and a certificate they pay tax again.
-- Writes   customer_tax_exemptions, approvals, audit_log.
-- Locks    The approval, and its own row.
-- Repeats  Safe.
-- Raises   RU005 customer_not_found · RU208 reason_missing, and what permit raises
create or replace function ringup.set_tax_exemption(
    p_vendor_id uuid, p_customer_id uuid, p_reason text, p_certificate_number text, p_valid_until timestamptz,
    p_by_staff_id uuid, p_approval_id uuid, p_actor text
)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    if (p_reason is null) <> (p_certificate_number is null) or trim(p_reason) = '' or trim(p_certificate_number) = ''
       or coalesce(trim(p_actor), '') = '' then
        raise exception using errcode = 'RU208',
            message = 'a tax exemption needs a reason, a certificate number and the name of who notes it';
    end if;
    if not exists (select from ringup.customers c where c.vendor_id = p_vendor_id and c.id = p_customer_id) then
        raise exception using errcode = 'RU005', message = format('customer %s does not exist', p_customer_id);
    end if;
    perform ringup.permit(p_vendor_id, p_by_staff_id, 'exempt_from_tax', null, null, p_approval_id, p_customer_id::text);
    if p_reason is null then
        delete from ringup.customer_tax_exemptions e
         where e.vendor_id = p_vendor_id and e.customer_id = p_customer_id;
    else
        insert into ringup.customer_tax_exemptions as e (
            vendor_id, customer_id, reason, certificate_number, valid_until, updated_at)
        values (p_vendor_id, p_customer_id, p_reason, p_certificate_number, p_valid_until, ringup.now())
        on conflict (vendor_id, customer_id) do update
           set reason = excluded.reason, certificate_number = excluded.certificate_number,
               valid_until = excluded.valid_until, updated_at = excluded.updated_at;
    end if;
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'tax_exemption_set', 'customer', p_customer_id::text, null,
        jsonb_build_object('reason', p_reason, 'certificate_number', p_certificate_number, 'valid_until', p_valid_until));
end
$$;
