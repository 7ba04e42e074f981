-- set_price_settings(vendor, rounding, by whom, approval, actor) → nothing
--
-- Why      Where taxes are rounded, 'line' or 'order', for sales from now on. The law of the place says which.
-- Writes   price_settings, approvals, audit_log.
-- Locks    The approval, and its own row.
-- Repeats  Safe.
-- Raises   RU243 tax_rate_invalid, and what permit raises
create or replace function ringup.set_price_settings(
    p_vendor_id uuid, p_tax_rounding text, p_by_staff_id uuid, p_approval_id uuid, p_actor text
)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
    perform ringup.enter_vendor(p_vendor_id);
    if p_tax_rounding is null or p_tax_rounding not in ('line', 'order') then
        raise exception using errcode = 'RU243', message = format('taxes are rounded by line or by order, not by %s', p_tax_rounding);
    end if;
    perform ringup.permit(p_vendor_id, p_by_staff_id, 'manage_settings', null, null, p_approval_id, 'price_settings');
    insert into ringup.price_settings as s (vendor_id, tax_rounding, updated_at)
    values (p_vendor_id, p_tax_rounding, ringup.now())
    on conflict (vendor_id) do update set tax_rounding = excluded.tax_rounding, updated_at = excluded.updated_at;
    perform ringup.write_audit(p_vendor_id, p_actor, 'price_settings_set', 'vendor', p_vendor_id::text, null,
                               jsonb_build_object('tax_rounding', p_tax_rounding));
end
$$;
