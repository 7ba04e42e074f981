-- discount_documents(vendor, order) → the order's discounts as clients see them, a JSON array
--
-- Why      Each discount by its name: of a line, of the order, of a coupon, or a tax that a price contained and that is
--          not owed. Percentages are text, so that no client makes them something else.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.discount_documents(p_vendor_id uuid, p_order_id uuid)
returns jsonb
language plpgsql
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
                   'line_number', d.line_number, 'kind', d.kind, 'name', d.name,
                   'percent', trim_scale(d.percent)::text, 'reason', case when d.kind <> 'coupon' then d.reason end,
                   'coupon_id', d.coupon_id, 'coupon', case when d.kind = 'coupon' then d.reason end,
                   'amount_minor', d.amount_minor) order by d.discount_number), '[]')
          from ringup.order_discounts d
         where d.vendor_id = p_vendor_id and d.order_id = p_order_id);
end
$$;
