-- tax_documents(vendor, order) → what each rate came to on the order, as clients see it, a JSON array
--
-- Why      The sums of what is stored for each line: the parts cannot be anything but the whole.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.tax_documents(p_vendor_id uuid, p_order_id uuid)
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
                       sum(i.base_minor) as base, sum(i.tax_minor) as tax
                  from ringup.order_item_taxes i
                 where i.vendor_id = p_vendor_id and i.order_id = p_order_id
                 group by i.code, i.name, i.percent, i.is_included, i.position) as t);
end
$$;
