-- refund_taxes(vendor, refund) → what of each rate goes back, as clients see it, a JSON array
--
-- Why      The sums of what is stored for each line: the parts cannot be anything but the whole.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.refund_taxes(p_vendor_id uuid, p_refund_id uuid)
returns jsonb
language plpgsql
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
                   'code', t.code, 'name', t.name, 'percent', trim_scale(t.percent)::text,
                   'is_included', t.is_included, 'base_minor', t.base, 'tax_minor', t.tax)
                   order by t.is_included desc, t.position, t.code), '[]')
          from (select i.code, i.name, i.percent, i.is_included, i.position,
                       sum(l.base_minor) as base, sum(l.tax_minor) as tax
                  from ringup.refund_line_taxes l
                  join ringup.order_item_taxes i
                    on i.vendor_id = l.vendor_id and i.order_id = l.order_id and i.line_number = l.line_number
                   and i.code = l.code
                 where l.vendor_id = p_vendor_id and l.refund_id = p_refund_id
                 group by i.code, i.name, i.percent, i.is_included, i.position) as t);
end
$$;
