-- permit_gift_cards(vendor, lines, gift cards, terms, order) → nothing, or it raises
--
-- Why      May the person at the register sell gift cards of so much? The amount is what their lines cost together.
-- Writes   approvals, and audit_log (one row) where one was used.
-- Locks    The approval. Called before anything else is locked.
-- Repeats  Called once, with the order's creation.
-- Raises   What permit raises: RU020 staff_not_found · RU501 action_denied · RU502 approval_needed
--          · RU503 approval_refused
create or replace function ringup.permit_gift_cards(
    p_vendor_id uuid, p_lines ringup.priced_line[], p_gift_cards uuid[], p_terms ringup.price_terms, p_order_id uuid
)
returns void
language plpgsql
as $$
declare
    v_amount bigint;
begin
    if p_gift_cards is null or p_terms.staff_id is null then
        return;
    end if;
    select sum(l.total_minor) into v_amount
      from unnest(p_lines) with ordinality as l
     where p_gift_cards[l.ordinality] is not null;
    if v_amount is null then
        return;
    end if;
    perform ringup.permit(p_vendor_id, p_terms.staff_id, 'issue_gift_card', v_amount, null,
                          ringup.approval_for(p_vendor_id, p_terms.approval_ids, 'issue_gift_card'), p_order_id::text);
    if pg_catalog.current_setting('ringup.approval_id', true) <> '' then
        perform ringup.write_audit(
            p_vendor_id, 'staff:' || (select s.name from ringup.staff s
                                       where s.vendor_id = p_vendor_id and s.id = p_terms.staff_id),
            'issue_gift_card', 'order', p_order_id::text, null, jsonb_build_object('amount_minor', v_amount));
        perform pg_catalog.set_config('ringup.approved_by', '', true);
        perform pg_catalog.set_config('ringup.approval_id', '', true);
    end if;
end
$$;
