-- stock_at(vendor, location, line, instant) → what was on hand then
--
-- Why      What is on hand now, without what moved since. A count corrects what was wrong at its own instant, however
--          late it was recorded, so its correction belongs to that instant. Nothing is known better than by a later
--          count: an earlier one that is recorded after it refuses.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the inventory row.
-- Repeats  Safe.
-- Raises   RU171 counted_since
create or replace function ringup.stock_at(
    p_vendor_id uuid, p_location_id uuid, p_line ringup.stock_line, p_at timestamptz
)
returns bigint
language plpgsql
as $$
declare
    v_counted_at timestamptz;
    v_on_hand    bigint;
begin
    select max(d.counted_at) into v_counted_at
      from ringup.stock_document_lines l
      join ringup.stock_documents d on d.vendor_id = l.vendor_id and d.id = l.document_id
     where l.vendor_id = p_vendor_id and l.product_id = p_line.product_id
       and d.location_id = p_location_id and d.kind = 'count';
    if v_counted_at > p_at then
        raise exception using errcode = 'RU171',
            message = format('%s was counted again at %s, after this count of %s', p_line.sku, v_counted_at, p_at),
            detail = json_build_object('sku', p_line.sku, 'counted_at', v_counted_at)::text;
    end if;
    -- No count is later than this one: what earlier ones corrected was wrong at this instant already.
    select i.on_hand - coalesce(sum(m.on_hand_change), 0) into v_on_hand
      from ringup.inventory i
      left join ringup.inventory_movements m
        on m.vendor_id = i.vendor_id and m.location_id = i.location_id and m.product_id = i.product_id
       and m.created_at > p_at and m.reason <> 'counted'
     where i.vendor_id = p_vendor_id and i.location_id = p_location_id and i.product_id = p_line.product_id
     group by i.on_hand;
    return v_on_hand;
end
$$;
