-- change_stock(vendor, location, product, change, reason, note, actor, person, approval) → what is on hand after
--
-- Why      Setting a shop up, and for callers without an id of their own: everybody else writes a document
--          (receive_stock, adjust_stock). p_reason is opening, received or adjusted, and what is adjusted needs a note.
--          What a person may move is measured by what it costs on the shelf.
-- Writes   inventory, inventory_movements, approvals, audit_log.
-- Locks    The approval, then the inventory row.
-- Repeats  Not idempotent: every call is another movement.
-- Raises   RU003 location_not_found · RU006 product_not_found · RU020 staff_not_found · RU116 stock_below_zero
--          · RU204 amount_out_of_range · RU208 reason_missing · RU501 action_denied · RU502 approval_needed
--          · RU503 approval_refused
create or replace function ringup.change_stock(
    p_vendor_id uuid, p_location_id uuid, p_product_id uuid, p_change bigint, p_reason text, p_note text, p_actor text,
    p_staff_id uuid default null, p_approval_id uuid default null
)
returns bigint
language plpgsql security definer set search_path = ''
as $$
declare
    v_price_minor bigint;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if p_change is null or p_change not between -1000000000 and 1000000000 or (p_reason <> 'adjusted' and p_change < 0) then
        raise exception using errcode = 'RU204', message = format('a change of %s (%s) is out of range', p_change, p_reason);
    end if;
    if p_reason = 'adjusted' and trim(coalesce(p_note, '')) = '' then
        raise exception using errcode = 'RU208', message = 'stock is adjusted with a note that says why';
    end if;
    perform ringup.check_stock_location(p_vendor_id, p_location_id);
    select p.price_minor into v_price_minor
      from ringup.products p where p.vendor_id = p_vendor_id and p.id = p_product_id;
    if not found then
        raise exception using errcode = 'RU006', message = format('product %s does not exist', p_product_id);
    end if;
    perform ringup.permit(
        p_vendor_id, p_staff_id, case p_reason when 'adjusted' then 'adjust_stock' else 'receive_stock' end,
        least(abs(p_change)::numeric * v_price_minor, 1e15)::bigint, null, p_approval_id, p_product_id::text);
    insert into ringup.inventory (vendor_id, location_id, product_id)
    values (p_vendor_id, p_location_id, p_product_id)
    on conflict do nothing;
    if not ringup.move_stock(p_vendor_id, p_location_id, p_product_id, p_change, 0,
                             p_reason, 'adjustment', p_actor, p_note) then
        raise exception using errcode = 'RU116',
            message = format('a change of %s would leave less than is held for sales under way', p_change);
    end if;
    perform ringup.write_audit(p_vendor_id, p_actor, 'stock_' || p_reason, 'product', p_product_id::text, null,
                               jsonb_build_object('location_id', p_location_id, 'change', p_change, 'note', p_note));
    return (select i.on_hand from ringup.inventory i
             where i.vendor_id = p_vendor_id and i.location_id = p_location_id and i.product_id = p_product_id);
end
$$;
