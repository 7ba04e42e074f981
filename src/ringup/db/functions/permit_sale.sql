-- permit_sale(vendor, cart, terms, order) → nothing, or it raises
--
-- Why      May the person at the register sell this cart, with these prices, discounts and this exemption? What a
--          role may not do alone takes another person's approval for that action, one for each. Coupons are the
--          vendor's own word and need nobody's.
-- Writes   approvals, and audit_log (one row) where one was used.
-- Locks    The approvals, by their actions' order here. Called before anything else is locked.
-- Repeats  Called once, with the order's creation: a repeated sale never comes here.
-- Raises   What permit raises: RU020 staff_not_found · RU501 action_denied · RU502 approval_needed
--          · RU503 approval_refused
create or replace function ringup.permit_sale(
    p_vendor_id uuid, p_cart ringup.priced_cart, p_terms ringup.price_terms, p_order_id uuid
)
returns void
language plpgsql
as $$
declare
    v_asked record;
begin
    if p_terms.staff_id is null then
        return;
    end if;
    perform ringup.permit(p_vendor_id, p_terms.staff_id, 'sell', null, null,
                          ringup.approval_for(p_vendor_id, p_terms.approval_ids, 'sell'), p_order_id::text);
    for v_asked in select * from ringup.prices_to_permit(p_vendor_id, p_terms.staff_id, p_cart) loop
        perform ringup.permit(
            p_vendor_id, p_terms.staff_id, v_asked.action, v_asked.amount_minor, v_asked.basis_minor,
            ringup.approval_for(p_vendor_id, p_terms.approval_ids, v_asked.action), p_order_id::text);
        if pg_catalog.current_setting('ringup.approval_id', true) <> '' then
            perform ringup.write_audit(
                p_vendor_id, 'staff:' || (select s.name from ringup.staff s
                                           where s.vendor_id = p_vendor_id and s.id = p_terms.staff_id),
                v_asked.action, 'order', p_order_id::text, null,
                jsonb_build_object('amount_minor', v_asked.amount_minor, 'basis_minor', v_asked.basis_minor));
            perform pg_catalog.set_config('ringup.approved_by', '', true);
            perform pg_catalog.set_config('ringup.approval_id', '', true);
        end if;
    end loop;
end
$$;
